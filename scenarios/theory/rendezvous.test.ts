import { expect, test } from 'vitest';
import { ownerOf } from './rendezvous.ts';

const keys = Array.from({ length: 4_000 }, (_, i) => `/users/${i + 1}`);

test('keys are spread evenly over the workers', () => {
  const owned = new Map<number, number>();
  for (const key of keys) {
    const owner = ownerOf(key, [1, 2, 3, 4]);
    owned.set(owner, (owned.get(owner) ?? 0) + 1);
  }
  // 4,000 fair draws: 1,000 each, with a standard deviation of 27.
  for (const slot of [1, 2, 3, 4]) {
    expect(owned.get(slot)).toBeGreaterThan(1_000 - 5 * 27);
    expect(owned.get(slot)).toBeLessThan(1_000 + 5 * 27);
  }
});

test('when a worker goes, only its keys move', () => {
  for (const key of keys) {
    const before = ownerOf(key, [1, 2, 3, 4]);
    const after = ownerOf(key, [1, 2, 4]);
    if (before === 3) expect([1, 2, 4]).toContain(after);
    else expect(after).toBe(before);
  }
});

test('the order in which the workers are named does not matter', () => {
  for (const key of keys.slice(0, 200)) {
    expect(ownerOf(key, [4, 2, 1, 3])).toBe(ownerOf(key, [1, 2, 3, 4]));
  }
});

test('without a worker there is no owner', () => {
  expect(() => ownerOf('/users/1', [])).toThrow(RangeError);
});
