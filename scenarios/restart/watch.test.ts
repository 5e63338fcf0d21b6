import { expect, test } from 'vitest';
import type { TrafficResponse } from '../kit/contract.ts';
import { Watch } from './watch.ts';

/** [milliseconds, slot, pid, key, the cache's own number, hit?] */
type Seen = [number, number, number, number, number, boolean];

/** Keys 0 to 8, of which the first makes up half of the requests. */
const SHARES = [0.5, 0.25, 0.05, 0.05, 0.03, 0.03, 0.03, 0.03, 0.03];

function watch(...seen: (Seen | string)[]) {
  const watching = new Watch(SHARES);
  for (const one of seen) {
    if (typeof one === 'string') watching.mark(one);
    else watching.see(response(one));
  }
  return watching.watched();
}

function response([arrivedMillis, slot, pid, key, sequence, hit]: Seen): TrafficResponse {
  return {
    ...{ arrivedMillis, slot, key, outcome: hit ? 'hit' : 'cold', status: 200, latencyMicros: 1 },
    headers: {
      'x-worker-pid': `${pid}`,
      'x-cache-sequence': hit ? `${sequence}` : `${sequence};stored=${sequence + 1}`,
    },
    body: '',
  };
}

test('processes are told apart by their pid, and listed by slot', () => {
  const { lives } = watch(
    [10, 2, 12, 7, 1, false],
    [20, 1, 11, 7, 1, false],
    [30, 1, 11, 7, 3, true],
    [40, 1, 21, 8, 1, true],
  );
  expect(lives).toMatchObject([
    { slot: 1, pid: 11, requests: 2, misses: 1, pagesRead: 1, knownAtOnce: 0 },
    { slot: 1, pid: 21, requests: 1, misses: 0, pagesRead: 0, knownAtOnce: 1 },
    { slot: 2, pid: 12, requests: 1, misses: 1, pagesRead: 1, knownAtOnce: 0 },
  ]);
});

test('a page is known at once by its first lookup, whichever response came first', () => {
  const overtaken = watch([10, 1, 11, 7, 3, true], [20, 1, 11, 7, 1, false]);
  expect(overtaken.lives).toMatchObject([{ misses: 1, pagesRead: 1, knownAtOnce: 0 }]);
  const known = watch([10, 1, 11, 7, 1, true], [20, 1, 11, 7, 2, false], [30, 1, 11, 8, 4, true]);
  expect(known.lives).toMatchObject([{ misses: 1, pagesRead: 0, knownAtOnce: 2 }]);
});

test('a page that a lost request may have loaded is not known at once', () => {
  const { lives } = watch([10, 1, 11, 7, 1, false], [30, 1, 11, 8, 5, true]);
  expect(lives).toMatchObject([{ misses: 1, pagesRead: 1, knownAtOnce: 0 }]);
});

test('a page that is asked for again while it is being read is read twice, and is one page', () => {
  const { lives } = watch([10, 1, 11, 7, 1, false], [11, 1, 11, 7, 2, false]);
  expect(lives).toMatchObject([{ misses: 2, pagesRead: 1 }]);
});

test('hits of a process are counted among its first fifty lookups', () => {
  const hits = Array.from({ length: 60 }, (_, at): Seen => [at, 1, 11, 0, at + 1, at % 2 === 1]);
  expect(watch(...hits.toReversed()).lives).toMatchObject([{ requests: 60, firstHits: 25 }]);
});

test('a process has caught up with the lookup that makes four fifths of the requests known', () => {
  const { lives } = watch(
    ...([
      [100, 1, 11, 0, 1, false],
      [130, 1, 11, 0, 2, true],
      [150, 1, 11, 1, 3, false],
      [190, 1, 11, 2, 4, false],
      [260, 1, 11, 3, 5, false],
    ] as Seen[]),
    [270, 2, 12, 0, 1, false],
  );
  expect(lives).toMatchObject([{ caughtUp: { lookups: 4, millis: 90 } }, { caughtUp: null }]);
});

test('lookups and hits are counted in quarters of a second, for each process as many', () => {
  const { binMillis, lives } = watch(
    [0, 1, 11, 1, 1, false],
    [249, 1, 11, 1, 2, true],
    [750, 2, 12, 1, 1, false],
  );
  expect(binMillis).toBe(250);
  expect(lives).toMatchObject([
    { lookups: [2, 0, 0, 0], hits: [1, 0, 0, 0] },
    { lookups: [0, 0, 0, 1], hits: [0, 0, 0, 0] },
  ]);
  expect(watch().lives).toEqual([]);
});

test('what happened is marked at the last response', () => {
  const { marks } = watch('begun', [120, 1, 11, 1, 1, true], 'reload', [90, 1, 11, 1, 2, true]);
  expect(marks).toEqual([
    { atMillis: 0, label: 'begun' },
    { atMillis: 120, label: 'reload' },
  ]);
});

test('a response without a number of the cache comes first', () => {
  const watching = new Watch(SHARES);
  watching.see(response([1, 1, 11, 7, 1, false]));
  watching.see({ ...response([2, 1, 11, 7, 0, true]), headers: { 'x-worker-pid': '11' } });
  expect(watching.watched().lives).toMatchObject([{ pagesRead: 0, knownAtOnce: 1 }]);
});
