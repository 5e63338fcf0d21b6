import { expect, test } from 'vitest';
import { popularityShares } from './popularity.ts';
import { groupShares } from './share-groups.ts';

const shares = popularityShares({ popularity: 'zipf', zipf: 0.9, keys: 2_000 });

test('the most popular keys stand alone, the others in groups of a hundredth of their rank', () => {
  const { share, keys } = groupShares(shares);
  expect([...keys.slice(0, 300)]).toEqual(new Array(300).fill(1));
  expect([...share.slice(0, 300)]).toEqual([...shares.slice(0, 300)]);
  expect([...keys.slice(300, 304)]).toEqual([3, 4, 4, 4]);
  expect(share[300]).toBeCloseTo((shares[300]! + shares[301]! + shares[302]!) / 3, 12);
  expect(keys.reduce((sum, count) => sum + count)).toBe(2_000);
  const weight = share.reduce((sum, mean, group) => sum + mean * keys[group]!, 0);
  expect(weight).toBeCloseTo(1, 9);
});

test('in whatever order they come, and without changing it', () => {
  const reversed = shares.toReversed();
  expect(groupShares(reversed)).toEqual(groupShares(shares));
  expect(reversed[0]).toBe(shares.at(-1));
  const swapped = Float64Array.of(0.2, 0.5, 0.3);
  expect([...groupShares(swapped).share]).toEqual([0.5, 0.3, 0.2]);
  expect(groupShares(new Float64Array(0))).toEqual({
    ...{ share: new Float64Array(0), keys: new Float64Array(0) },
  });
});

test('a group ends where popularity drops', () => {
  const hot = Float64Array.from({ length: 1_000 }, (_, key) => (key < 500 ? 9 : 1));
  const { share, keys } = groupShares(hot);
  expect([...new Set(share)]).toEqual([9, 1]);
  expect(keys.filter((_, group) => share[group] === 9).reduce((a, b) => a + b)).toBe(500);
});
