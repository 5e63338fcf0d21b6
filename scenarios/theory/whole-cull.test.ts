import { describe, expect, test } from 'vitest';
import { cycleFates, cycleOf } from './whole-cull.ts';

const equal = { share: Float64Array.of(0.01), keys: Float64Array.of(100) };
const limits = { maxEntries: 80, timeoutSeconds: null, cullFrequency: 1 };
const ever = { share: 0.01, requestsPerSecond: 5, timeoutSeconds: Infinity };

describe('a cull that drops everything', () => {
  test('comes when one key more than fit has come', () => {
    // Of equal keys: Σ n / (n − held), while 1 … 80 are held.
    let requests = 0;
    for (let held = 1; held <= 80; held++) requests += 100 / (100 - held);
    expect(cycleOf(equal, limits)!.requests / requests).toBeCloseTo(1, 3);
    expect(cycleOf(equal, { ...limits, cullFrequency: 0 })).toEqual(cycleOf(equal, limits));
  });

  test.each([
    ['a strict LRU', { ...limits, policy: 'lru' as const }],
    ['a cull of a half', { ...limits, cullFrequency: 2 }],
    ['a cache in which all keys fit', { ...limits, maxEntries: 100 }],
  ])('is none of %s', (_, other) => {
    expect(cycleOf(equal, other)).toBeNull();
  });

  test('leaves C misses in a cycle where nothing expires, all for evicted entries', () => {
    const cycle = cycleOf(equal, limits)!;
    const { hits, expired, evicted } = cycleFates(cycle, ever);
    expect(evicted).toBeCloseTo(80 / cycle.requests, 9);
    expect([hits, expired]).toEqual([expect.closeTo(1 - evicted, 12), expect.closeTo(0, 12)]);
  });

  test('leaves misses alone where entries are expired as soon as stored', () => {
    const fates = cycleFates(cycleOf(equal, limits)!, { ...ever, timeoutSeconds: 0 });
    expect(fates).toEqual({ hits: 0, expired: 1, evicted: 0 });
  });

  test('and what it dropped is evicted or expired by when it is asked for again', () => {
    // Two keys of equal rate λ, one entry: dropped by each request for the other key, and then asked
    // for again after a time of its own, before the timeout has passed or later.
    const cycle = { requests: 1_000, fillingRequests: 1_000 };
    const traffic = { share: 0.001, requestsPerSecond: 1, timeoutSeconds: 1_000 };
    const { hits, expired, evicted } = cycleFates(cycle, traffic);
    // λ = 1/1,000, L = T = 1,000 s: one store at most, at u with λ·e^(−λu), then in time with
    // 1 − e^(−λu): 1 − 1/e − 1·1/e in total, of which ∫ λe^(−λu)·e^(−λu) = (1 − e^−2)/2 is late.
    const stored = 1 - Math.exp(-1);
    expect(hits).toBeCloseTo(1 - stored, 9);
    expect(expired).toBeCloseTo((1 - Math.exp(-2)) / 2, 6);
    expect(evicted).toBeCloseTo(stored - (1 - Math.exp(-2)) / 2, 6);
  });
});
