import { expect, test } from 'vitest';
import type { Arm } from '../../reports/record/schema.ts';
import { steadyHitRates } from './steady-bands.ts';

const arm = {
  cache: { maxEntries: 300, timeoutSeconds: 300, cullFrequency: 3 },
  workload: { popularity: 'zipf', zipf: 0.8, keys: 2_000, seed: 1 },
} as Arm;

test('over all keys it is the known steady hit rate of a batched cull', () => {
  const [all] = steadyHitRates(arm, [{ from: 1, to: 2_000 }]);
  expect(100 * all!).toBeCloseTo(44.2, 0);
});

test('popular keys hit more often than rare ones', () => {
  const [hot, warm, rare] = steadyHitRates(arm, [
    { from: 1, to: 20 },
    { from: 21, to: 300 },
    { from: 301, to: 2_000 },
  ]);
  expect(hot).toBeGreaterThan(warm!);
  expect(warm).toBeGreaterThan(rare!);
  expect(hot).toBeLessThan(1);
});
