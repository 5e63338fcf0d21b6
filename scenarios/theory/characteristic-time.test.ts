import { describe, expect, test } from 'vitest';
import { entriesPerCull } from './cache-limits.ts';
import { staysOf } from './characteristic-time.ts';
import { popularityShares } from './popularity.ts';
import { groupShares, type ShareGroups } from './share-groups.ts';

const groups = groupShares(popularityShares({ popularity: 'zipf', zipf: 0.8, keys: 500 }));
/** Different keys among so many requests, on average. */
const touched = (requests: number) =>
  groups.share.reduce(
    (sum, share, group) => sum + groups.keys[group]! * (1 - Math.exp(-share * requests)),
    0,
  );
const limits = { maxEntries: 120, timeoutSeconds: null, cullFrequency: 3 };
/** A strict LRU drops an entry after so many requests as fill it. */
const requestsToFill = (groups: ShareGroups, maxEntries: number) =>
  staysOf(groups, { ...limits, maxEntries, policy: 'lru' })[0]!.requests;

describe('the requests that fill a cache', () => {
  test.each([1, 5, 120, 499])('touch just so many keys: %i', (entries) => {
    expect(touched(requestsToFill(groups, entries))).toBeCloseTo(entries, 5);
  });

  test('are without end where all keys fit', () => {
    expect(requestsToFill(groups, 500)).toBe(Infinity);
    expect(requestsToFill(groups, 501)).toBe(Infinity);
  });

  test('of equal keys follow from the coupon collector’s formula', () => {
    // n(1 − e^(−t/n)) = C, so t = −n·ln(1 − C/n).
    const equal = { share: Float64Array.of(0.01), keys: Float64Array.of(100) };
    expect(requestsToFill(equal, 60)).toBeCloseTo(-100 * Math.log(0.4), 6);
  });
});

describe('how long entries stay', () => {
  test('is one time for all in a strict LRU', () => {
    const stays = staysOf(groups, { ...limits, policy: 'lru' });
    expect(stays.map(({ weight }) => weight)).toEqual([1]);
  });

  test('is between the times of what a cull keeps and of a full cache', () => {
    const stays = staysOf(groups, limits);
    const [shortest, longest] = [requestsToFill(groups, 80), requestsToFill(groups, 120)];
    const weighed = (of: (requests: number) => number) =>
      stays.reduce((sum, { requests, weight }) => sum + weight * of(requests), 0);
    expect(stays).toHaveLength(5);
    expect(weighed(() => 1)).toBeCloseTo(1, 12);
    // Five points integrate polynomials up to the ninth degree exactly.
    for (const power of [1, 2, 5, 9]) {
      const exact =
        (longest ** (power + 1) - shortest ** (power + 1)) / ((power + 1) * (longest - shortest));
      expect(weighed((requests) => requests ** power) / exact).toBeCloseTo(1, 9);
    }
  });

  test('is for ever where all keys fit', () => {
    expect(staysOf(groups, { ...limits, maxEntries: 500 })).toEqual([
      { requests: Infinity, weight: 1 },
    ]);
  });

  test('is that of a cache which grows until a cull drops one, where it would drop none', () => {
    const stays = (maxEntries: number, cullFrequency: number) =>
      staysOf(groups, { ...limits, maxEntries, cullFrequency });
    expect(stays(3, 10)).toEqual(stays(10, 10));
    expect(stays(0, 0)).toEqual(stays(1, 0));
    // Nothing is kept: entries stay from no time at all.
    expect(stays(120, 0)[0]!.requests).toBeCloseTo(
      0.046910077030668 * requestsToFill(groups, 120),
      9,
    );
  });
});

test('a cull drops a whole number of entries, or all', () => {
  const dropped = (maxEntries: number, cullFrequency: number) =>
    entriesPerCull({ maxEntries, cullFrequency });
  expect([dropped(300, 3), dropped(300, 7), dropped(2, 3), dropped(300, 0)]).toEqual([
    ...[100, 42, 0, 300],
  ]);
});
