import { expect, test } from 'vitest';
import type { Arm } from '../../reports/record/schema.ts';
import { expectedMisses } from './expected-misses.ts';

const arm = {
  cache: { maxEntries: 300, timeoutSeconds: 300, cullFrequency: 3 },
  workload: { popularity: 'uniform', zipf: 0, keys: 10, seed: 1 },
} as Arm;

test('a new process reads again what the old one knew', () => {
  const warm = { requests: 1_000, before: 1_000 };
  const restarted = { requests: 1_000, before: 0 };
  expect(expectedMisses(arm, [warm, warm])!.value).toBeCloseTo(0, 6);
  expect(expectedMisses(arm, [warm, restarted])!.value).toBeCloseTo(10, 6);
});

// 10 keys, 10 requests: 10 · (1 − 0.9^10); before them 5 requests: minus 10 · (1 − 0.9^5).
test('what a cache met before is not missed again', () => {
  expect(expectedMisses(arm, [{ requests: 10, before: 0 }])!.value).toBeCloseTo(6.513, 3);
  expect(expectedMisses(arm, [{ requests: 5, before: 5 }])!.value).toBeCloseTo(2.418, 3);
});

test('without a lookup nothing is expected', () => {
  expect(expectedMisses(arm, [])).toBeNull();
});
