import { describe, expect, test } from 'vitest';
import { createKeySampler, theorySeed } from './key-sampler.ts';
import { popularityShares } from './popularity.ts';

describe('popularity', () => {
  test('of Zipf’s law falls with the rank, and adds up to one', () => {
    const shares = popularityShares({ popularity: 'zipf', zipf: 1, keys: 3 });
    // 1, 1/2, 1/3 of 11/6.
    expect([...shares].map((share) => share * 11)).toEqual([
      ...[6, 3, 2].map((part) => expect.closeTo(part, 9)),
    ]);
    expect(
      popularityShares({ popularity: 'zipf', zipf: 0.8, keys: 2 })[1]! /
        popularityShares({ popularity: 'zipf', zipf: 0.8, keys: 2 })[0]!,
    ).toBeCloseTo(2 ** -0.8, 9);
  });

  test.each(['uniform', 'cyclic'] as const)('%s keys are equally popular', (popularity) => {
    expect([...popularityShares({ popularity, zipf: 0.8, keys: 4 })]).toEqual([
      0.25, 0.25, 0.25, 0.25,
    ]);
  });
});

describe('drawn keys', () => {
  const drawn = (shares: ArrayLike<number>, seed: number, times: number) => {
    const draw = createKeySampler(shares, seed);
    return Array.from({ length: times }, draw);
  };

  test('come as often as they should, rare ones and runs of rare ones too', () => {
    const shares = [0.5, 0, 0.3, 0.001, 0.001, 0.198];
    const times = 40_000;
    const keys = drawn(shares, 3, times);
    shares.forEach((share, key) => {
      const count = keys.filter((one) => one === key).length;
      const deviation = Math.sqrt(times * share * (1 - share));
      expect(Math.abs(count - times * share), `key ${key}`).toBeLessThanOrEqual(4 * deviation);
    });
  });

  test('are the same for the same seed, and others for the next', () => {
    const shares = new Float64Array(100).fill(0.01);
    expect(drawn(shares, 7, 50)).toEqual(drawn(shares, 7, 50));
    expect(drawn(shares, 7, 50)).not.toEqual(drawn(shares, 8, 50));
  });

  test('are never none, though shares do not quite add up to one', () => {
    expect(new Set(drawn([0.3, 0.3], 1, 200))).toEqual(new Set([0, 1]));
    expect(new Set(drawn([0.5, 0.5, 0], 1, 200))).toEqual(new Set([0, 1]));
    expect(drawn([1], 1, 3)).toEqual([0, 0, 0]);
  });
});

test('theory draws from other seeds than runs, and from different ones', () => {
  const seeds = Array.from({ length: 1_000 }, (_, seed) => theorySeed(seed));
  expect(new Set(seeds).size).toBe(1_000);
  expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0)).toBe(true);
  expect(Math.min(...seeds)).toBeGreaterThan(1_000);
  // The golden ratio's fraction of 2³², times one more than the seed.
  expect(seeds.slice(0, 2)).toEqual([0x9e3779b1, (2 * 0x9e3779b1) % 2 ** 32]);
});
