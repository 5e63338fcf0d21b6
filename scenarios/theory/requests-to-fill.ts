import type { ShareGroups } from './share-groups.ts';

/** After how many requests so many different keys have been asked for, on average. */
export function requestsToFill({ share, keys }: ShareGroups, entries: number): number {
  let total = 0;
  for (const count of keys) total += count;
  if (entries >= total) return Infinity;
  // Touched keys are a concave function of the requests: Newton's steps from below never overshoot.
  let requests = entries;
  for (let step = 0; step < 200; step++) {
    let touched = 0;
    let slope = 0;
    for (let g = 0; g < share.length; g++) {
      const untouched = Math.exp(-share[g]! * requests);
      touched += keys[g]! * (1 - untouched);
      slope += keys[g]! * share[g]! * untouched;
    }
    const missing = entries - touched;
    if (missing < 1e-9 * entries || slope === 0) break;
    requests += missing / slope;
  }
  return requests;
}
