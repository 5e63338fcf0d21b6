/**
 * The geometry of the residency picture, used in Node for the picture that a page has without
 * JavaScript and in the page for every position of the scrubber.
 */

/** In how many steps the run is told by colour. */
export const AGE_STEPS = 7;

/**
 * The step in which a request lies. Each step is twice as long as the one before, since caches
 * fill fast at first and slowly later.
 */
export function ageStep(request: number, requests: number): number {
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
export function cellPath(steps: ArrayLike<number>, columns: number, step: number): string {
  let path = '';
  for (let key = 0; key < steps.length; key++) {
    if (steps[key] === step) path += `M${key % columns} ${Math.floor(key / columns)}h${CELL_SIZE}`;
  }
  return path;
}
