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
  const share = Math.min(1, Math.max(0, request / requests));
  const step = AGE_STEPS - 1 + Math.ceil(Math.log2(Math.max(share, 2 ** -AGE_STEPS)));
  return Math.max(0, Math.min(AGE_STEPS - 1, step));
}

/** The last request of a step. */
export function ageStepEnd(step: number, requests: number): number {
  return Math.round(requests * 2 ** (step - AGE_STEPS + 1));
}

/** Columns of a block: about twice as wide as high, in tens so that cells can be counted. */
export function blockColumns(keys: number): number {
  return Math.max(10, Math.ceil(Math.sqrt(keys * 2) / 10) * 10);
}

/** An SVG path of all cells of one step (−1: empty), one unit per cell with a gap between. */
export function cellPaths(steps: ArrayLike<number>, columns: number, step: number): string {
  let path = '';
  for (let key = 0; key < steps.length; key++) {
    if (steps[key] === step) path += `M${key % columns} ${Math.floor(key / columns)}h.84v.84h-.84z`;
  }
  return path;
}
