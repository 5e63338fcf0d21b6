import { count, formatValue, percent } from '../record/format.ts';
import type { Arm } from '../record/schema.ts';
import { NO_TRAFFIC } from '../record/table.ts';
import { progressAt } from './progress.ts';
import type { ResidencyTimeline } from './timeline.ts';

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
    lookups: count(lookups),
    uniqueEntries: count(uniqueEntries),
    entries: count(entries),
    duplicationFactor: formatValue(uniqueEntries === 0 ? null : entries / uniqueEntries, 'number'),
  };
}

/** A worker's block: how many keys it holds, that in words, and the cells by their age. */
export function blockOf(
  slot: number,
  arrivals: Int32Array,
  { columns, requests }: { readonly columns: number; readonly requests: number },
) {
  const steps = Array.from(arrivals, (came) => (came < 0 ? -1 : ageStep(came, requests)));
  const held = steps.filter((step) => step >= 0).length;
  return {
    held,
    label: `worker ${slot} holds ${held} of ${steps.length} keys`,
    /** Of the keys that are not held, then of each step, as {@link AGE_STEPS} has them. */
    paths: Array.from({ length: AGE_STEPS + 1 }, (_, step) => cellPath(steps, columns, step - 1)),
  };
}

/** In how many steps the run is told by colour. */
export const AGE_STEPS = 7;

/**
 * The step in which a request lies. Each step is twice as long as the one before, since caches
 * fill fast at first and slowly later.
 */
function ageStep(request: number, requests: number): number {
  for (let step = 0; step < AGE_STEPS - 1; step++) {
    if (request <= ageStepEnd(step, requests)) return step;
  }
  return AGE_STEPS - 1;
}

/** The last request of a step. */
export function ageStepEnd(step: number, requests: number): number {
  return Math.round(requests * 2 ** (step - AGE_STEPS + 1));
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

/**
 * An SVG path of all cells whose step is `step` (−1: empty): a stroke as long as it is wide.
 * `steps` has one entry per key.
 */
function cellPath(steps: ArrayLike<number>, columns: number, step: number): string {
  let path = '';
  for (let key = 0; key < steps.length; key++) {
    if (steps[key] === step) path += `M${key % columns} ${Math.floor(key / columns)}h${CELL_SIZE}`;
  }
  return path;
}
