import { describe, expect, test } from 'vitest';
import { lruMissRatio, meanTimeToMiss } from './distinct-keys.ts';
import type { ShareGroups } from './share-groups.ts';

const keysOf = (...share: number[]): ShareGroups => ({
  share: Float64Array.from(share),
  keys: new Float64Array(share.length).fill(1),
});
const equal = (n: number) => keysOf(...new Array<number>(n).fill(1 / n));

describe('a strict LRU', () => {
  test('of one entry misses whenever the key changes', () => {
    const misses = 1 - (0.6 ** 2 + 0.3 ** 2 + 0.1 ** 2);
    expect(lruMissRatio(keysOf(0.6, 0.3, 0.1), 1)).toBeCloseTo(misses, 6);
  });

  test('of equal keys hits as often as it holds them', () => {
    expect(lruMissRatio(equal(10), 7)).toBeCloseTo(0.3, 6);
  });

  test('of equal keys in one group hits as often', () => {
    const grouped = { share: Float64Array.of(1e-4), keys: Float64Array.of(10_000) };
    expect(lruMissRatio(grouped, 10)).toBeCloseTo(0.999, 5);
  });
});

describe('the time until a cache that holds one key has missed n times', () => {
  const first = (groups: ShareGroups) => groups.share;

  test.each([1, 4, 8])('of equal keys is the coupon collector’s, %i of 9 others', (n) => {
    let time = 0;
    for (let held = 1; held <= n; held++) time += 10 / (10 - held);
    expect(meanTimeToMiss(equal(10), first(equal(10)), n)).toBeCloseTo(time, 4);
  });

  test('of equal keys is nearly that where they are many', () => {
    let time = 0;
    for (let held = 1; held <= 90; held++) time += 200 / (200 - held);
    expect(meanTimeToMiss(equal(200), first(equal(200)), 90) / time).toBeCloseTo(1, 3);
  });

  test('depends on the key that it holds', () => {
    // The next different key comes with 1 − p of the one that is held.
    const groups = keysOf(0.7, 0.3);
    expect(meanTimeToMiss(groups, Float64Array.of(1, 0), 1)).toBeCloseTo(1 / 0.3, 4);
    expect(meanTimeToMiss(groups, Float64Array.of(0, 1), 1)).toBeCloseTo(1 / 0.7, 4);
  });
});
