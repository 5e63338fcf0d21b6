import { type BarSeries, type Figure, tableOf } from './figure.ts';
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
  const held: BarSeries[] = [
    { name: 'held by no worker', values: needed, colour: 'muted', stack: 'held' },
    {
      name: 'avoidable: another worker held it',
      values: avoidable,
      colour: 'accent',
      pattern: 'hatched',
      stack: 'held',
    },
  ];
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
        ...(known ? held : []),
      ],
      n: parts.map(({ phase }) => missesOf(phase.totals)),
      nOf: 'misses',
    },
    table: tableOf(parts, [
      ['arm', ({ label }) => label],
      ['misses (n)', ({ phase }) => missesOf(phase.totals), 'count'],
      ['cold', ({ phase }) => phase.totals.misses.cold, 'count'],
      ['expired', ({ phase }) => phase.totals.misses.expired, 'count'],
      ['evicted', ({ phase }) => phase.totals.misses.evicted, 'count'],
      ['avoidable', ({ phase }) => phase.replay?.avoidableMisses ?? null, 'count'],
      [
        'misses of one shared cache',
        ({ phase }) => phase.replay?.sharedCacheMisses ?? null,
        'count',
      ],
    ]),
  };
}
