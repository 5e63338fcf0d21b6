import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, test } from 'vitest';
import { DenseIndex, MixedIndex, SparseIndex } from './key-index.ts';

describe.each([
  ['dense', () => new DenseIndex(4)],
  ['dense, of a guess', () => new DenseIndex()],
  ['dense, of none', () => new DenseIndex(0)],
  ['sparse', () => new SparseIndex()],
  ['mixed', () => new MixedIndex(50)],
])('a %s index', (_name, create) => {
  test('knows what a map knows, through thousands of changes', () => {
    const index = create();
    const map = new Map<number, number>();
    const random = xoroshiro128plus(9);
    for (let i = 0; i < 5_000; i++) {
      const dice = random.next() >>> 0;
      // Few keys, so that most of them come again; multiples that fall together in a table.
      const key = (dice % 97) * (dice % 2 === 0 ? 1 : 64);
      if (dice % 5 === 0) {
        index.delete(key);
        map.delete(key);
      } else if (dice % 4_999 === 0) {
        index.clear();
        map.clear();
      } else {
        index.set(key, i + 1);
        map.set(key, i + 1);
      }
      const other = (dice >>> 8) % 6_300;
      expect(index.get(key)).toBe(map.get(key) ?? 0);
      expect(index.get(other)).toBe(map.get(other) ?? 0);
    }
    for (const [key, node] of map) expect(index.get(key)).toBe(node);
  });

  test('knows nothing at first, nor what was never there', () => {
    const index = create();
    expect([index.get(0), index.get(1_000_000)]).toEqual([0, 0]);
    index.delete(5);
    index.set(3, 8);
    expect([index.get(3), index.get(5)]).toEqual([8, 0]);
    index.clear();
    expect(index.get(3)).toBe(0);
  });
});

test('a sparse index grows with what it holds, and finds all of it', () => {
  const index = new SparseIndex();
  for (let key = 0; key < 5_000; key++) index.set(key * 400_009, key + 1);
  for (let key = 0; key < 5_000; key++) expect(index.get(key * 400_009)).toBe(key + 1);
  for (let key = 0; key < 5_000; key += 2) index.delete(key * 400_009);
  for (let key = 0; key < 5_000; key++) {
    expect(index.get(key * 400_009)).toBe(key % 2 === 0 ? 0 : key + 1);
  }
});
