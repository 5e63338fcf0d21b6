import { expect, test } from 'vitest';
import { type Joined, keysOwned, missesAfterJoin, missesAfterLoss } from './by-key.ts';
import { createKeySampler } from './key-sampler.ts';
import { popularityShares } from './popularity.ts';
import { ownerOf } from './rendezvous.ts';

const keys = { popularity: 'zipf' as const, zipf: 0.8, keys: 120 };
const joined: Joined = {
  keys,
  slotsBefore: [1, 2],
  slots: [1, 2, 3, 4],
  requestsBefore: 300,
  requests: 200,
};
const loss = { lost: 1, until: 50, away: 150, since: 250 };

/** The same, played through: caches as sets of keys, and whoever owns a key is asked for it. */
function simulate(seed: number): { join: number; loss: number } {
  const draw = createKeySampler(popularityShares(keys), seed);
  const caches = new Map([1, 2, 3, 4].map((slot) => [slot, new Set<number>()]));
  const missesOf = (requests: number, slots: number[]) => {
    let misses = 0;
    for (let i = 0; i < requests; i++) {
      const key = draw();
      const cache = caches.get(ownerOf(`/users/${key + 1}`, slots))!;
      if (!cache.has(key)) misses += 1;
      cache.add(key);
    }
    return misses;
  };
  missesOf(joined.requestsBefore, [1, 2]);
  const join = missesOf(joined.requests, [1, 2, 3, 4]);
  const until = missesOf(loss.until, [1, 2, 3, 4]);
  caches.set(loss.lost, new Set());
  const away = missesOf(loss.away, [2, 3, 4]);
  return { join, loss: until + away + missesOf(loss.since, [1, 2, 3, 4]) };
}

test('both expectations are the means of the same story played through', { tags: 'slow' }, () => {
  const runs = Array.from({ length: 400 }, (_, i) => simulate(i + 1));
  const mean = (of: (run: (typeof runs)[number]) => number) =>
    runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  // The mean of 400 runs has a standard error of about 0.2.
  expect(Math.abs(mean((run) => run.join) - missesAfterJoin(joined).value)).toBeLessThan(1);
  expect(Math.abs(mean((run) => run.loss) - missesAfterLoss(joined, loss).value)).toBeLessThan(1);
  const { value, low, high } = missesAfterLoss(joined, loss);
  const outside = runs.filter(
    (run) => run.loss < value - 2 * (value - low!) || run.loss > value + 2 * (high! - value),
  );
  expect(outside).toEqual([]);
});

test('every key has one owner', () => {
  const owned = [1, 2, 3].map((slot) => keysOwned(500, [1, 2, 3], slot));
  expect(owned.reduce((sum, count) => sum + count, 0)).toBe(500);
});

test('a worker that joined last may find its keys with others: nothing simple can be said', () => {
  expect(() => missesAfterLoss(joined, { ...loss, lost: 4 })).toThrow(RangeError);
});
