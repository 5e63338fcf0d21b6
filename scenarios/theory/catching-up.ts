import type { Estimate } from '../../reports/record/schema.ts';
import { sum } from '../../reports/record/tally.ts';
import { scatterOf, Z95 } from './estimate.ts';
import { createKeySampler, theorySeed } from './key-sampler.ts';

/** How often it is simulated. */
const REPETITIONS = 400;

/**
 * Lookups that caches which begin empty need until the keys that they hold make up so much of the
 * requests, on average over so many of them. The coupon collector with unequal shares has no short
 * formula for this, so it is drawn anew again and again.
 *
 * @param target a share of the requests, 0…1
 */
export function lookupsToCatchUp(
  shares: ArrayLike<number>,
  { target, caches, seed }: { target: number; caches: number; seed: number },
): Estimate {
  const draw = createKeySampler(shares, theorySeed(seed));
  const runs = Array.from({ length: REPETITIONS }, () => {
    const each = Array.from({ length: caches }, () => untilKnown(shares, target, draw));
    return sum(each) / caches;
  });
  const { mean, deviation } = scatterOf(runs);
  return {
    ...{ value: mean, low: mean - Z95 * deviation, high: mean + Z95 * deviation },
    interval: {
      ...{ kind: 'chance', share: 0.95, how: `${REPETITIONS} simulated repetitions` },
      step: 1 / caches,
    },
    source: 'keys drawn anew until those that were drawn make up this share of the requests',
    by: 'model',
  };
}

/** Draws until the keys that came have so large a share. */
function untilKnown(shares: ArrayLike<number>, target: number, draw: () => number): number {
  const seen = new Set<number>();
  let known = 0;
  let draws = 0;
  while (known < target) {
    const key = draw();
    draws += 1;
    if (seen.has(key)) continue;
    seen.add(key);
    known += shares[key]!;
  }
  return draws;
}

/** The share of the requests that a cache is expected to lack after so many lookups: Σ p·(1 − p)^R. */
export function shareUnknown(shares: ArrayLike<number>, lookups: number): number {
  return sum(Array.from(shares, (share) => share * (1 - share) ** lookups));
}
