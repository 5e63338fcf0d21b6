import { expect, test } from 'vitest';
import type { Arm } from '../../reports/record/schema.ts';
import { settledHitRate } from './timeout-rates.ts';

const arm = {
  cache: { maxEntries: 1_000_000, timeoutSeconds: 30, cullFrequency: 3 },
  workload: { popularity: 'zipf', zipf: 0.8, keys: 2_000, seed: 1 },
} as Arm;

// Zipf 0.8 over 2,000 keys, 30 s, 100 requests a second in all.
test.each([
  [1, 70.2],
  [2, 59.3],
  [4, 48.4],
  [8, 38.2],
  [16, 29.0],
])('%i workers settle at the known hit rate', (workers, percent) => {
  const even = new Array<number>(workers).fill(100 / workers);
  expect(100 * settledHitRate(arm, even)).toBeCloseTo(percent, 1);
});

test('a worker that gets nothing changes nothing', () => {
  expect(settledHitRate(arm, [100, 0])).toBe(settledHitRate(arm, [100]));
});
