import { describe, expect, test } from 'vitest';
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
  // The first key is the page of the first user.
  const owners = ['/users/1', '/users/2', '/users/3'].map((path) => ownerOf(path, joined.slots));
  for (const slot of joined.slots) {
    expect(keysOwned(3, joined.slots, slot)).toBe(owners.filter((owner) => owner === slot).length);
  }
});

test('a worker that joined last may find its keys with others: nothing simple can be said', () => {
  expect(() => missesAfterLoss(joined, { ...loss, lost: 4 })).toThrow(
    new RangeError('worker 4 was not there from the start'),
  );
});

describe('with so many requests that every key is asked for', () => {
  const MANY = 1_000_000;
  const [slotsBefore, slots] = [joined.slotsBefore, joined.slots];
  const ownedBy = (...some: number[]) =>
    some.reduce((sum, slot) => sum + keysOwned(keys.keys, slots, slot), 0);
  /** A key moves to a worker that joined, and to no other. */
  const moved = ownedBy(3, 4);

  test.each([
    ['all, where nothing was known', 0, MANY, keys.keys],
    ['those that moved, where all was known', MANY, MANY, moved],
    ['none, while nobody asks', MANY, 0, 0],
  ])('those who join miss %s', (_what, requestsBefore, requests, misses) => {
    const { value, source } = missesAfterJoin({ ...joined, requestsBefore, requests });
    expect(value).toBeCloseTo(misses, 6);
    expect(source).toBe(
      'keys that moved are new to their worker (rendezvous hashing), the others are known',
    );
  });

  test.each([
    ['nothing, where all was known', [MANY, MANY], [MANY, 0, 0], 0],
    ['what moved, where only that was new', [MANY, 0], [MANY, 0, 0], moved],
    ['all, where nothing was known', [0, 0], [MANY, 0, 0], keys.keys],
    ['its keys, at those who stand in', [MANY, MANY], [0, MANY, 0], ownedBy(2)],
    ['its keys, at its successor', [MANY, MANY], [0, 0, MANY], ownedBy(2)],
    ['its keys at both', [MANY, MANY], [MANY, MANY, MANY], 2 * ownedBy(2)],
    ['what moved too, if only now asked for', [MANY, 0], [0, MANY, 0], moved + ownedBy(2)],
    ['all others too', [0, 0], [0, 0, MANY], keys.keys],
  ])('a loss costs %s', (_what, before, after, misses) => {
    const [requestsBefore, requests] = before as [number, number];
    const [until, away, since] = after as [number, number, number];
    const story = { keys, slotsBefore, slots, requestsBefore, requests };
    const { value, source } = missesAfterLoss(story, { lost: 2, until, away, since });
    expect(value).toBeCloseTo(misses, 6);
    expect(source).toBe('the keys of the lost worker, new to others and then new to its successor');
  });
});
