import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import { binomialEstimate } from './binomial.ts';

test('the interval of few trials is the one that can be counted out by hand', () => {
  // 20 fair coins: P(X = 0) = 2^-20, P(X ≤ 1) = 21/2^20 = 0.002 %, P(X ≤ 2) = 211/2^20 = 0.02 %.
  const { value, low, high } = binomialEstimate(20, 0.5, 'coins');
  expect([value, low, high]).toEqual([10, 2, 18]);
  expect(binomialEstimate(20, 0.5, 'coins').interval).toEqual({
    ...{ kind: 'chance', share: 0.9999, how: 'binomial', step: 0 },
  });
});

test('certainty has no width', () => {
  expect(binomialEstimate(7, 1, '')).toMatchObject({ value: 7, low: 7, high: 7 });
  expect(binomialEstimate(7, 0, '')).toMatchObject({ value: 0, low: 0, high: 0 });
});

test('simulated runs fall inside, and would not if the probability were another', () => {
  const random = xoroshiro128plus(7);
  const run = (success: number) => {
    let hits = 0;
    for (let i = 0; i < 1_000; i++) if (uniformFloat64(random) < success) hits += 1;
    return hits;
  };
  const { low, high } = binomialEstimate(1_000, 0.25, '');
  const inside = (hits: number) => hits >= low! && hits <= high!;
  const fair = Array.from({ length: 2_000 }, () => run(0.25)).filter((hits) => !inside(hits));
  expect(fair.length).toBeLessThanOrEqual(3);
  expect(Array.from({ length: 200 }, () => run(0.5)).filter(inside)).toEqual([]);
});

test('many trials do not lose the interval to rounding', () => {
  const { low, high } = binomialEstimate(200_000, 0.25, '');
  // Normal approximation: 50,000 ± 3.89 · √(n·p·q) = ± 753.
  expect(low).toBeGreaterThan(49_200);
  expect(low).toBeLessThan(49_300);
  expect(high).toBeGreaterThan(50_700);
  expect(high).toBeLessThan(50_800);
});

test('a probability outside 0 to 1 is refused', () => {
  for (const none of [1.2, -0.1, Number.NaN]) {
    expect(() => binomialEstimate(10, none, '')).toThrow(
      new RangeError(`a probability is between 0 and 1, not ${none}`),
    );
  }
});
