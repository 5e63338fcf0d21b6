import type { Estimate } from '../../reports/record/schema.ts';
import { sum } from '../../reports/record/tally.ts';
import { createKeySampler, theorySeed } from './key-sampler.ts';

/** How often it is simulated. */
const REPETITIONS = 1_000;
/** Of more choices than this only the scatter differs, which falls like 1/√choices. */
const MOST_DRAWN = 1_000;

/**
 * The share of the busiest of N workers when each of so many choices falls on any of them with the
 * same probability, whatever the others did: more than 1/N by chance alone, and the more so the fewer
 * choices there are. The largest of N dependent binomial counts has no short formula, so it is
 * simulated; the interval is that of the simulated runs themselves, since they are skewed.
 */
export function busiestShare({
  choices,
  workers,
  seed,
}: {
  readonly choices: number;
  readonly workers: number;
  readonly seed: number;
}): Estimate {
  const drawn = Math.min(choices, MOST_DRAWN);
  const draw = createKeySampler(new Array(workers).fill(1 / workers), theorySeed(seed));
  const runs = Float64Array.from({ length: REPETITIONS }, () => {
    const counts = new Uint32Array(workers);
    for (let choice = 0; choice < drawn; choice++) counts[draw()]! += 1;
    const above = Math.max(...counts) / drawn - 1 / workers;
    return 1 / workers + above * Math.sqrt(drawn / choices);
  }).sort();
  return {
    value: sum(runs) / REPETITIONS,
    low: runs[Math.floor(0.025 * REPETITIONS)]!,
    high: runs[Math.ceil(0.975 * REPETITIONS) - 1]!,
    interval: {
      ...{ kind: 'chance', share: 0.95, how: `${REPETITIONS} simulated repetitions` },
      step: 1 / choices,
    },
    source: 'each choice falls on any worker with the same probability',
    by: 'model',
  };
}
