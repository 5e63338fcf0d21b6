import { expect, test } from 'vitest';
import { lookupsToCatchUp, shareUnknown } from './catching-up.ts';

const two = { caches: 3, seed: 7 };

test('the lookups until enough is known are those of the coupon collector', () => {
  // Both of two equal keys: one draw for the first, two on average for the other.
  const both = lookupsToCatchUp([0.5, 0.5], { ...two, target: 0.8 });
  expect(both.value).toBeCloseTo(3, 0);
  // The mean of three caches scatters by √(2/3).
  expect((both.high - both.low) / 2).toBeCloseTo(1.96 * Math.sqrt(2 / 3), 0);
  expect(both.interval).toMatchObject({ kind: 'chance', share: 0.95, step: 1 / 3 });
  expect(both.by).toBe('model');
});

test('a key that makes up enough by itself is waited for, the others are not', () => {
  const { value } = lookupsToCatchUp([0.8, 0.1, 0.1], { ...two, target: 0.8 });
  // 1 / 0.8: the other two never suffice.
  expect(value).toBeCloseTo(1.25, 1);
  const one = lookupsToCatchUp([1], { ...two, target: 0.8 });
  expect([one.low, one.value, one.high]).toEqual([1, 1, 1]);
});

test('the same seed gives the same, another another', () => {
  const of = (seed: number) => lookupsToCatchUp([0.6, 0.3, 0.1], { target: 0.95, caches: 2, seed });
  expect(of(1)).toEqual(of(1));
  expect(of(1).value).not.toBe(of(2).value);
});

test('what is unknown after some lookups are the keys that none of them asked for', () => {
  expect(shareUnknown([0.5, 0.5], 0)).toBe(1);
  expect(shareUnknown([0.5, 0.5], 2)).toBe(0.25);
  expect(shareUnknown([0.75, 0.25], 1)).toBe(0.375);
});
