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
  expect(() => ownerOf('/users/1', [])).toThrow(
    new RangeError('there is no worker that a key could belong to'),
  );
});

test('a record that was made long ago is judged by the owners that its keys had', () => {
  const owners = keys.slice(0, 40).map((key) => ownerOf(key, [1, 2, 3, 4, 5, 6, 7, 8, 9]));
  expect(owners.join('')).toBe('3296912585611943955642736682869747483885');
});
