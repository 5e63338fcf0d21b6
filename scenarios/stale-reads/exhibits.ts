import type { Arm, Exhibit } from '../../reports/record/schema.ts';
import { type ClearReach, expiries, lastExpiry, readsOf, timedReads } from './staleness.ts';

const BIN_SECONDS = 0.1;

/** Share of stale reads over time: measured in stretches, and what theory draws. */
export function course(arm: Arm): Exhibit {
  const reads = readsOf(arm);
  const bins = Map.groupBy(timedReads(reads), ({ seconds }) => Math.floor(seconds / BIN_SECONDS));
  const measured = [...bins.keys()]
    .sort((a, b) => a - b)
    .map((bin): [number, number] => {
      const group = bins.get(bin)!;
      const old = group.filter(({ stale }) => stale).length;
      return [(bin + 0.5) * BIN_SECONDS, (100 * old) / group.length];
    });
  const level = (100 * expiries(arm, reads).length) / arm.workers;
  const from = measured[0]?.[0] ?? 0;
  const to = measured.at(-1)?.[0] ?? 0;
  const end = lastExpiry(arm, reads);
  return {
    kind: 'lines',
    id: `stale-reads-${arm.name.replaceAll(/\W+/g, '-')}`,
    title: `Reads that got the old name (${arm.name})`,
    caption:
      'The update goes to worker 1, which drops its own copy. The other workers are not told: they serve the old name until their copies expire.',
    x: { label: 'time since the update', unit: 's' },
    y: { label: 'share of reads with the old name', unit: '%' },
    series: [
      { name: 'measured', role: 'measured', points: measured },
      {
        name: 'expected: (N − 1)/N until the copies expire',
        role: 'expected',
        points: [
          [from, 0],
          [0, 0],
          [0, level],
          [end, level],
          [end, 0],
          [Math.max(end, to), 0],
        ],
      },
    ],
    events: [
      { x: 0, label: 'renamed through worker 1' },
      ...(end > 0 ? [{ x: end, label: 'last old copy expires' }] : []),
    ],
  };
}

/** Entries in each worker before and after the clear. */
export function clearTable(arms: readonly Arm[]): Exhibit {
  return {
    kind: 'table',
    id: 'clear-reach',
    title: 'Which caches a clear through worker 1 reached',
    caption: 'Entries in each worker before and after, told by its control socket.',
    columns: ['fleet', 'worker', 'entries before', 'entries after'],
    rows: arms.flatMap((arm) => {
      const { before, after } = arm.observations.clear as ClearReach;
      return before.map(({ slot, entries }) => [
        arm.name,
        slot,
        entries,
        after.find((one) => one.slot === slot)?.entries ?? null,
      ]);
    }),
  };
}
