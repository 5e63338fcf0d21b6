import { expect, test } from 'vitest';
import { firstTouches } from './first-touches.ts';
import { createKeySampler } from './key-sampler.ts';
import { newKeys } from './occupancy.ts';

const shares = Array.from({ length: 50 }, (_, k) => 1 / (k + 1));
const total = shares.reduce((sum, share) => sum + share, 0);
for (let k = 0; k < shares.length; k++) shares[k]! /= total;

test('of an empty cache they are the distinct keys', () => {
  const { value } = firstTouches([{ shares, before: 0, requests: 120 }], '');
  expect(value).toBeCloseTo(newKeys(shares, 0, 120).mean, 9);
});

test('before and after add up to the whole', () => {
  const before = firstTouches([{ shares, before: 0, requests: 70 }], '').value;
  const after = firstTouches([{ shares, before: 70, requests: 50 }], '').value;
  expect(before + after).toBeCloseTo(newKeys(shares, 0, 120).mean, 9);
});

test('simulated runs fall inside twice the interval, and half of it would be too narrow', () => {
  const { value, low, high } = firstTouches([{ shares, before: 40, requests: 100 }], '');
  const draw = createKeySampler(shares, 3);
  const runs = Array.from({ length: 2_000 }, () => {
    const seen = new Set(Array.from({ length: 40 }, draw));
    const known = seen.size;
    for (let i = 0; i < 100; i++) seen.add(draw());
    return seen.size - known;
  });
  const mean = runs.reduce((sum, misses) => sum + misses, 0) / runs.length;
  expect(Math.abs(mean - value)).toBeLessThan(0.3);
  const outside = (times: number) =>
    runs.filter(
      (misses) =>
        misses < value - times * (value - low!) || misses > value + times * (high! - value),
    ).length;
  expect(outside(2)).toBe(0);
  expect(outside(0.5)).toBeGreaterThan(100);
});

test('there are never more than there are keys, nor than there are requests', () => {
  expect(firstTouches([{ shares, before: 0, requests: 800 }], '').high).toBe(50);
  expect(firstTouches([{ shares, before: 0, requests: 3 }], '').high).toBe(3);
});

test('are counted by hand for two fair coins, each alone and both together', () => {
  const coin = { shares: [0.5, 0.5], before: 0, requests: 2 };
  const estimate = {
    interval: { kind: 'chance', share: 0.95, how: 'occupancy variance', step: 1 },
    ...{ source: 'coins', by: 'formula' },
  };
  // One face or both, as often: 1.5, with a deviation of a half.
  const [value, both] = [1.5, 3].map((mean) => expect.closeTo(mean, 9));
  expect(firstTouches([coin], 'coins')).toEqual({ ...estimate, value, low: 1, high: 2 });
  // Of both together 3, with a deviation of √½.
  expect(firstTouches([coin, coin], 'coins')).toEqual({
    ...estimate,
    value: both,
    low: 2,
    high: 4,
  });
});
