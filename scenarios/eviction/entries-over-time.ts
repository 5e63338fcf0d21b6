import type { Residency } from '../../reports/record/schema.ts';

/** About so many points make a line that shows every tooth. */
const POINTS = 400;
/** A drop this large is a cull, and both its ends are kept. */
const CULL = 3;

/** How many entries one worker held after so many requests: [requests, entries], ascending. */
export function entriesOverTime({ changes }: Residency, slot: number): [number, number][] {
  const steps: [number, number][] = [];
  let entries = 0;
  for (let i = 0; i < changes.at.length; i++) {
    if (changes.slot[i] !== slot) continue;
    entries += changes.held[i] === 1 ? 1 : -1;
    const last = steps.at(-1);
    if (last?.[0] === changes.at[i]) last![1] = entries;
    else steps.push([changes.at[i]!, entries]);
  }
  const every = Math.max(1, Math.ceil(steps.length / POINTS));
  const isCull = (at: number) => steps[at - 1]![1] - steps[at]![1] >= CULL;
  return steps.filter(
    (_, i) => i % every === 0 || i === steps.length - 1 || isCull(i) || isCull(i + 1),
  );
}
