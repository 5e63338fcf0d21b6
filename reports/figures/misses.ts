import type { Figure } from './figure.ts';
import { missesOf, type PartGroup } from './run-parts.ts';

/** Why lookups missed, and how many misses another worker could have answered. */
export function missesFigure({ suffix, parts }: PartGroup): Figure {
  const misses = (reason: 'cold' | 'expired' | 'evicted') =>
    parts.map(({ phase }) => phase.totals.misses[reason]);
  const avoidable = parts.map(({ phase }) => phase.replay?.avoidableMisses ?? null);
  const needed = parts.map(({ phase }, index) =>
    avoidable[index] === null ? null : missesOf(phase.totals) - avoidable[index]!,
  );
  const known = avoidable.some((count) => count !== null);
  return {
    id: `misses${suffix.id}`,
    title: `Why lookups missed${suffix.title}`,
    caption:
      'Cold: this worker never held the entry. Expired: it held it too long. Evicted: it had to make room.' +
      (known
        ? ' The bar beside counts the same misses again: those hatched were avoidable, for another worker held the entry at that very moment.'
        : ' How many were avoidable is not known: the run was not replayed.'),
    chart: {
      kind: 'bars',
      x: 'arm',
      categories: parts.map((part) => part.label),
      y: { label: 'misses (lookups)', format: 'count' },
      stacked: true,
      series: [
        { name: 'cold', values: misses('cold'), colour: 'cold', stack: 'reason' },
        {
          name: 'expired',
          values: misses('expired'),
          colour: 'expired',
          pattern: 'dotted',
          stack: 'reason',
        },
        {
          name: 'evicted',
          values: misses('evicted'),
          colour: 'evicted',
          pattern: 'crossed',
          stack: 'reason',
        },
        ...(known
          ? [
              { name: 'held by no worker', values: needed, colour: 'muted', stack: 'held' },
              {
                name: 'avoidable: another worker held it',
                values: avoidable,
                colour: 'accent',
                pattern: 'hatched' as const,
                stack: 'held',
              },
            ]
          : []),
      ],
      n: parts.map(({ phase }) => missesOf(phase.totals)),
      nOf: 'misses',
    },
    table: {
      columns: [
        { label: 'arm' },
        { label: 'misses (n)', format: 'count' },
        { label: 'cold', format: 'count' },
        { label: 'expired', format: 'count' },
        { label: 'evicted', format: 'count' },
        { label: 'avoidable', format: 'count' },
        { label: 'misses of one shared cache', format: 'count' },
      ],
      rows: parts.map(({ label, phase }, index) => [
        label,
        missesOf(phase.totals),
        phase.totals.misses.cold,
        phase.totals.misses.expired,
        phase.totals.misses.evicted,
        avoidable[index] ?? null,
        phase.replay?.sharedCacheMisses ?? null,
      ]),
    },
  };
}
