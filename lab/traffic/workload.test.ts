import { describe, expect, test } from 'vitest';
import { popularityShares } from '../../scenarios/theory/popularity.ts';
import { createWorkload } from './workload.ts';

const options = { popularity: 'zipf', zipf: 0.8, keys: 200, seed: 1 } as const;
const draw = (workload: { next(): number }, n: number) =>
  Array.from({ length: n }, () => workload.next());

describe('popularity', () => {
  test('shares sum to 1 and fall as k to the power of −s', () => {
    const shares = popularityShares(options);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(shares[0]! / shares[99]!).toBeCloseTo(100 ** 0.8, 8);
  });

  test('uniform: every key alike', () => {
    const shares = popularityShares({ ...options, popularity: 'uniform' });
    expect(new Set(shares).size).toBe(1);
  });
});

describe('the stream', () => {
  test('is the same for the same seed, another for another', () => {
    expect(draw(createWorkload(options), 500)).toEqual(draw(createWorkload(options), 500));
    expect(draw(createWorkload({ ...options, seed: 2 }), 500)).not.toEqual(
      draw(createWorkload(options), 500),
    );
  });

  test('follows the shares: χ² of 100,000 draws is what chance allows', () => {
    const workload = createWorkload(options);
    const counts = new Float64Array(options.keys);
    for (const key of draw(workload, 100_000)) counts[key]! += 1;
    const chiSquare = workload.shares.reduce((sum, share, key) => {
      const expected = share * 100_000;
      return sum + (counts[key]! - expected) ** 2 / expected;
    }, 0);
    // 199 degrees of freedom: mean 199, standard deviation 20; five of them.
    expect(Math.abs(chiSquare - 199)).toBeLessThan(5 * Math.sqrt(2 * 199));
  });

  test('cyclic goes round', () => {
    const workload = createWorkload({ ...options, popularity: 'cyclic', keys: 3 });
    expect(draw(workload, 7)).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });
});
