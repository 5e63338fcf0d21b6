import { describe, expect, it } from 'vitest';
import { newKeys } from './occupancy.ts';
import { popularityShares } from './popularity.ts';

/** The sum over all pairs of keys, as it is written in textbooks. */
function varianceByPairs(shares: Float64Array, requests: number): number {
  const untouched = shares.map((share) => (1 - share) ** requests);
  let variance = 0;
  for (let j = 0; j < shares.length; j++) {
    variance += untouched[j]! * (1 - untouched[j]!);
    for (let k = 0; k < shares.length; k++) {
      if (j === k) continue;
      const neither = Math.max(0, 1 - shares[j]! - shares[k]!) ** requests;
      variance += neither - untouched[j]! * untouched[k]!;
    }
  }
  return variance;
}

describe('distinct keys of a random stream', () => {
  it('has the variance of the sum over all pairs', () => {
    for (const keys of [1, 2, 5, 50, 300]) {
      for (const zipf of [0, 0.8, 2]) {
        const shares = popularityShares({ popularity: 'zipf', zipf, keys });
        for (const requests of [0, 1, 2, 3, 7, 60, 1000]) {
          const { variance } = newKeys(shares, 0, requests);
          expect(variance).toBeCloseTo(varianceByPairs(shares, requests), 4);
        }
      }
    }
  });

  it('has the mean of a count by hand', () => {
    // Two fair coins: one face with probability 1/2, two faces with probability 1/2.
    expect(newKeys([0.5, 0.5], 0, 2).mean).toBeCloseTo(1.5, 12);
    expect(newKeys([0.5, 0.5], 0, 2).variance).toBeCloseTo(0.25, 9);
    // One toss before: each face is new with (1/2)·(1/2), as if independent of the other.
    expect(newKeys([0.5, 0.5], 1, 1)).toEqual({ mean: 0.5, variance: 0.375 });
    expect(newKeys([0.75, 0.25], 2, 1).mean).toBeCloseTo(0.0625 * 0.75 + 0.5625 * 0.25, 12);
    expect(newKeys([1], 0, 5)).toEqual({ mean: 1, variance: 0 });
    expect(newKeys([0.5, 0.5], 0, 0)).toEqual({ mean: 0, variance: 0 });
  });
});
