import { expect, test } from 'vitest';
import { armsOf } from '../kit/fixtures/arm.ts';
import type { Reads } from './reads.ts';
import { staleReads } from './scenario.ts';
import { readsBetween, stalenessOf } from './staleness.ts';

/** Entries live for 2 s, and worker 1 was told of version 2 at 8 s; every read still gave the old one. */
function stalenessWith(change: Partial<Reads>) {
  const update = { slot: 1, atSeconds: 8, version: 2 };
  const none = { atSeconds: [], slot: [], version: [], copies: [] };
  const reads = { ...none, update, ...change };
  return stalenessOf(
    armsOf(staleReads)({
      workers: 3,
      cache: { maxEntries: 300, timeoutSeconds: 2, cullFrequency: 3 },
      observations: { reads, clear: { before: [], after: [] } },
    }),
  );
}

test('a copy made at the very moment of the update is an old one', () => {
  const copies = [{ slot: 2, atSeconds: 8, version: 1 }];
  expect(stalenessWith({ copies })).toMatchObject({ levelUntil: 2, lastExpiry: 2 });
});

test('a copy that expires at that moment is none', () => {
  const copies = [{ slot: 3, atSeconds: 6, version: 1 }];
  expect(stalenessWith({ copies })).toMatchObject({ levelUntil: 2, lastExpiry: 0 });
});

test('a read at that moment came too early to be stale', () => {
  const { reads } = stalenessWith({ atSeconds: [8, 9], slot: [2, 2], version: [1, 1] });
  expect(reads).toEqual([
    { seconds: 0, version: 1, stale: false, heldOld: false },
    { seconds: 1, version: 1, stale: true, heldOld: false },
  ]);
});

test('a worker holds its old copy until it expires, and not at that moment', () => {
  const copies = [{ slot: 2, atSeconds: 7, version: 1 }];
  const atSeconds = [8, 8.5, 8.5, 9];
  const { reads } = stalenessWith({ copies, atSeconds, slot: [2, 2, 3, 2], version: [1, 1, 1, 1] });
  expect(reads.map(({ heldOld }) => heldOld)).toEqual([false, true, false, false]);
});

test('reads between two times are those after the one, up to the other', () => {
  const { reads } = stalenessWith({ atSeconds: [8, 9, 10, 11], version: [1, 1, 1, 1] });
  const between = readsBetween(reads, 0, 2).map(({ seconds }) => seconds);
  expect(between).toEqual([1, 2]);
});
