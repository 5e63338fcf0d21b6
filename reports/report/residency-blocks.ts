import { count, formatValue, percent } from '../record/format.ts';
import type { Arm } from '../record/schema.ts';
import { NO_TRAFFIC } from '../record/table.ts';
import { progressAt } from './progress.ts';
import { CELL_STATES, type CellState, type ResidencyTimeline } from './timeline.ts';

/**
 * What the residency picture shows: in Node for the picture that a page has without JavaScript, and
 * in the page for every position of the scrubber.
 */

/** The figures over an arm's blocks at the timeline's position, by the name of their place. */
export function armCounts(arm: Arm, timeline: ResidencyTimeline) {
  const { entries, uniqueEntries } = timeline.counts();
  const { hits, lookups } = progressAt(arm, timeline.position);
  return {
    hitRate: lookups === 0 ? NO_TRAFFIC : percent(hits / lookups),
    entries: count(entries),
    duplicationFactor: formatValue(uniqueEntries === 0 ? null : entries / uniqueEntries, 'number'),
  };
}

/** A worker's block: how many keys it holds, that in words, and its cells as one path per state. */
export function blockOf(timeline: ResidencyTimeline, slotIndex: number, columns: number) {
  const cells = timeline.cells(slotIndex);
  const held = cells.filter((state) => state !== 'empty').length;
  return {
    held,
    label: `worker ${timeline.slots[slotIndex]} holds ${held} of ${cells.length} keys`,
    paths: Object.fromEntries(
      CELL_STATES.map((state) => [state, cellPath(cells, columns, state)]),
    ) as Readonly<Record<CellState, string>>,
  };
}

/** Columns of a block: about twice as wide as high, in tens so that cells can be counted. */
export function blockColumns(keys: number): number {
  if (keys <= 10) return keys;
  return Math.max(10, Math.round(Math.sqrt(keys * 2) / 10) * 10);
}

/** How wide and high a cell is drawn (its stroke's width is the same, in `picture.css`). */
export const CELL_SIZE = 0.84;
/** Between two cells. */
export const GAP = 0.16;

/** An SVG path of all cells in a state: for each a stroke as long as it is wide. */
function cellPath(cells: readonly CellState[], columns: number, state: CellState): string {
  return cells
    .map((one, key) =>
      one === state ? `M${key % columns} ${Math.floor(key / columns)}h${CELL_SIZE}` : '',
    )
    .join('');
}
