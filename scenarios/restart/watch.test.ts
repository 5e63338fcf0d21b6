import { expect, test } from 'vitest';
import type { TrafficResponse } from '../kit/contract.ts';
import { Watch } from './watch.ts';

/** [milliseconds, slot, pid, key, the cache's own number, hit?] */
type Seen = [number, number, number, number, number, boolean];

function watch(...seen: (Seen | string)[]) {
  const watching = new Watch();
  for (const one of seen) {
    if (typeof one === 'string') watching.mark(one);
    else watching.see(response(one));
  }
  return watching.watched();
}

function response([arrivedMillis, slot, pid, key, sequence, hit]: Seen): TrafficResponse {
  return {
    ...{ arrivedMillis, slot, key, outcome: hit ? 'hit' : 'cold', status: 200, latencyMicros: 1 },
    headers: { 'x-worker-pid': `${pid}`, 'x-cache-sequence': `${sequence};stored=9` },
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
  expect(lives).toEqual([
    { slot: 1, pid: 11, requests: 2, misses: 1, knownAtOnce: 0 },
    { slot: 1, pid: 21, requests: 1, misses: 0, knownAtOnce: 1 },
    { slot: 2, pid: 12, requests: 1, misses: 1, knownAtOnce: 0 },
  ]);
});

test('a key is known at once by its first lookup, whichever response came first', () => {
  const overtaken = watch([10, 1, 11, 7, 2, true], [20, 1, 11, 7, 1, false]);
  expect(overtaken.lives).toMatchObject([{ misses: 1, knownAtOnce: 0 }]);
  const known = watch([10, 1, 11, 7, 1, true], [20, 1, 11, 7, 2, false], [30, 1, 11, 8, 3, true]);
  expect(known.lives).toMatchObject([{ misses: 1, knownAtOnce: 2 }]);
});

test('lookups and hits are counted in stretches of a quarter of a second, empty ones too', () => {
  const { binMillis, lookups, hits } = watch(
    [0, 1, 11, 1, 1, false],
    [249, 1, 11, 1, 2, true],
    [750, 1, 11, 1, 3, true],
  );
  expect({ binMillis, lookups, hits }).toEqual({
    binMillis: 250,
    lookups: [2, 0, 0, 1],
    hits: [1, 0, 0, 1],
  });
});

test('what happened is marked at the last response', () => {
  const { marks } = watch('begun', [120, 1, 11, 1, 1, true], 'reload', [90, 1, 11, 1, 2, true]);
  expect(marks).toEqual([
    { atMillis: 0, label: 'begun' },
    { atMillis: 120, label: 'reload' },
  ]);
});

test('a response without a number of the cache comes first', () => {
  const watching = new Watch();
  watching.see(response([1, 1, 11, 7, 1, false]));
  watching.see({ ...response([2, 1, 11, 7, 0, true]), headers: { 'x-worker-pid': '11' } });
  expect(watching.watched().lives).toMatchObject([{ knownAtOnce: 1 }]);
});
