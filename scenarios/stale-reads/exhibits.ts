import type { Exhibit } from '../../reports/record/schema.ts';
import type { SeenArm } from '../kit/contract.ts';
import { lines, tableByArm } from '../kit/exhibits.ts';
import { type Seen, shareOf, stalenessOf } from './staleness.ts';

const BIN_SECONDS = 0.1;

/** Share of stale reads over time, measured and expected, in stretches. */
export function courseOf(arm: SeenArm<Seen>): Exhibit {
  const { lastExpiry } = stalenessOf(arm);
  return lines({
    id: `stale-reads-${arm.name.replaceAll(/\W+/g, '-')}`,
    title: `Reads that got the old name (${arm.name})`,
    caption:
      'The update goes to worker 1, which drops its own copy. Nobody tells the other workers: they serve the old name until their copies expire.',
    x: { label: 'time since the update', format: 'seconds' },
    y: { label: 'share of reads with the old name', format: 'percent' },
    series: [
      { name: 'measured', points: stretchesOf(arm, 'stale') },
      {
        name: 'expected: reads at workers whose old copy was alive',
        role: 'expected',
        points: stretchesOf(arm, 'heldOld'),
      },
    ],
    events: [
      { x: 0, label: 'renamed through worker 1' },
      ...(lastExpiry > 0 ? [{ x: lastExpiry, label: 'last old copy expires' }] : []),
    ],
  });
}

/** The share in each stretch of time that has reads, at its middle. */
function stretchesOf(arm: SeenArm<Seen>, what: 'stale' | 'heldOld'): [number, number | null][] {
  const { reads } = stalenessOf(arm);
  const bins = Map.groupBy(reads, ({ seconds }) => Math.floor(seconds / BIN_SECONDS));
  return [...bins.keys()]
    .sort((a, b) => a - b)
    .map((bin) => [(bin + 0.5) * BIN_SECONDS, shareOf(bins.get(bin)!, what)]);
}

/** Entries in each worker before and after the clear. */
export function clearTable(arms: readonly SeenArm<Seen>[]): Exhibit {
  const entriesOf = ({ observations: { clear } }: SeenArm<Seen>) =>
    clear.before.map(({ slot, entries }) => {
      const after = clear.after.find((one) => one.slot === slot)?.entries ?? null;
      return { slot, before: entries, after };
    });
  return tableByArm(arms, entriesOf, {
    id: 'clear-reach',
    title: 'Which caches a clear through worker 1 reached',
    caption: 'Entries in each worker before and after, as its control socket reports them.',
    columns: [
      ['worker', ({ slot }) => slot, 'count'],
      ['entries before', ({ before }) => before, 'count'],
      ['entries after', ({ after }) => after, 'count'],
    ],
  });
}
