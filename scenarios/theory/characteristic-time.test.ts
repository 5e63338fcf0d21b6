import { describe, expect, test } from 'vitest';
import { entriesPerCull } from './cache-limits.ts';
import { stayBounds, staysOf } from './characteristic-time.ts';
import { popularityShares } from './popularity.ts';
import { requestsToFill } from './requests-to-fill.ts';
import { groupShares } from './share-groups.ts';

const groups = groupShares(popularityShares({ popularity: 'zipf', zipf: 0.8, keys: 500 }));
/** Different keys among so many requests, on average. */
const touched = (requests: number) =>
  groups.share.reduce(
    (sum, share, group) => sum + groups.keys[group]! * (1 - Math.exp(-share * requests)),
    0,
  );
const limits = { maxEntries: 120, timeoutSeconds: null, cullFrequency: 3 };
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
    expect(stays).toEqual([{ requests: requestsToFill(groups, 120), weight: 1 }]);
  });

  test('is between the times of what a cull keeps and of a full cache, whole entries each', () => {
    const stays = staysOf(groups, limits);
    // From 81 to 120 entries.
    const [shortest, longest] = [requestsToFill(groups, 80.5), requestsToFill(groups, 120.5)];
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
  });

  test('is corrected for few entries so that as many requests miss as in a strict LRU, exactly', () => {
    // Three keys, two entries, where a third drops one: the last two different keys are held. They
    // are a, then b, with p_a · p_b / (1 − p_a), and the third key is missed.
    const shares = [0.5, 0.3, 0.2];
    const three = { share: Float64Array.from(shares), keys: Float64Array.of(1, 1, 1) };
    const misses = shares.flatMap((a, i) =>
      shares.map((b, j) => (i === j ? 0 : ((a * b) / (1 - a)) * (1 - a - b))),
    );
    const exact = misses.reduce((sum, one) => sum + one);
    for (const policy of ['lru', 'django'] as const) {
      const stays = staysOf(three, { ...limits, maxEntries: 2, cullFrequency: 2, policy });
      const missed = shares.flatMap((p) =>
        stays.map(({ requests, weight }) => weight * p * Math.exp(-p * requests)),
      );
      expect(missed.reduce((sum, one) => sum + one)).toBeCloseTo(exact, 4);
    }
    expect(stayBounds(three, { ...limits, maxEntries: 3 })).toEqual([Infinity, Infinity]);
  });
});

test('a cull drops a whole number of entries, or all', () => {
  const dropped = (maxEntries: number, cullFrequency: number) =>
    entriesPerCull({ maxEntries, cullFrequency });
  expect([dropped(300, 3), dropped(300, 7), dropped(2, 3), dropped(300, 0)]).toEqual([
    ...[100, 42, 0, 300],
  ]);
});
