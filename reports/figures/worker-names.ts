import type { Phase } from '../record/schema.ts';

/** More workers than this have no room under their bars for more than a number. */
const FEW = 8;

export function few(phase: Phase): boolean {
  return phase.workers.length <= FEW;
}

/** What stands under the bars of a chart whose axis is called "worker". */
export function workerNames(phase: Phase): string[] {
  return phase.workers.map(({ slot }) => (few(phase) ? `worker ${slot}` : String(slot)));
}
