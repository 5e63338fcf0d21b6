import { describe, expect, test } from 'vitest';
import { cacheLives, sequenceFaults } from './cache-life.ts';
import { ledgerOf } from './fixtures/rows.ts';

describe('the life of a cache', () => {
  test('is in the order of its own numbers, whatever came back first', () => {
    const ledger = ledgerOf(
      { key: 7, outcome: 'cold', sequence: 3, storedSequence: 6, atSeconds: 3, storedAtSeconds: 6 },
      { key: 8, outcome: 'cold', sequence: 1, storedSequence: 2, atSeconds: 1, storedAtSeconds: 2 },
      { operation: 'delete', outcome: 'none', sequence: 4, atSeconds: 4 },
      { operation: 'clear', outcome: 'none', sequence: 5, atSeconds: 5 },
      { operation: 'other', outcome: 'none', sequence: 7, atSeconds: 7 },
      // Asked no cache.
      { operation: 'other', outcome: 'none', sequence: 0, atSeconds: 9 },
    );
    const [life, ...others] = cacheLives([ledger]);
    expect(others).toEqual([]);
    expect(life).toMatchObject({ slot: 1, pid: 101 });
    expect(life!.steps).toEqual([
      { act: 'read', phase: 0, row: 1, sequence: 1, seconds: 1 },
      { act: 'store', phase: 0, row: 1, sequence: 2, seconds: 2 },
      { act: 'read', phase: 0, row: 0, sequence: 3, seconds: 3 },
      { act: 'delete', phase: 0, row: 2, sequence: 4, seconds: 4 },
      { act: 'clear', phase: 0, row: 3, sequence: 5, seconds: 5 },
      { act: 'store', phase: 0, row: 0, sequence: 6, seconds: 6 },
      { act: 'other', phase: 0, row: 4, sequence: 7, seconds: 7 },
    ]);
  });

  test('goes on from phase to phase, and a clock that was set back stands still', () => {
    const [life] = cacheLives([
      ledgerOf({ sequence: 1, atSeconds: 10 }, { sequence: 2, atSeconds: 12 }),
      ledgerOf({ sequence: 3, atSeconds: 11 }, { sequence: 4, atSeconds: 13 }),
    ]);
    expect(life!.steps.map(({ phase, seconds }) => [phase, seconds])).toEqual([
      [0, 10],
      [0, 12],
      [1, 12],
      [1, 13],
    ]);
  });

  test('is that of a process: by slot and, in one slot, in the order they began', () => {
    const lives = cacheLives([
      ledgerOf(
        { slot: 2, pid: 9, sequence: 1, atSeconds: 1 },
        { slot: 1, pid: 8, sequence: 1, atSeconds: 7 },
        { slot: 1, pid: 9, sequence: 1, atSeconds: 3 },
      ),
    ]);
    expect(lives.map(({ slot, pid }) => [slot, pid])).toEqual([
      [1, 9],
      [1, 8],
      [2, 9],
    ]);
  });
});

describe('a fault in the numbers', () => {
  const faults = (...sequences: number[]) => {
    const [life] = cacheLives([ledgerOf(...sequences.map((sequence) => ({ sequence })))]);
    return sequenceFaults(life!).map(({ message }) => message);
  };

  test('is none that is missing and none that is there twice', () => {
    expect(faults(3, 1, 2)).toEqual([]);
  });

  test('is told with its worker', () => {
    expect(faults(1, 3, 7)).toEqual([
      'worker 1 (pid 101): its operation 2 is in no response (one was lost)',
      'worker 1 (pid 101): its operations 4 to 6 are in no response (one was lost)',
    ]);
    expect(faults(2)).toEqual([
      'worker 1 (pid 101): its operation 1 is in no response (one was lost)',
    ]);
    expect(faults(1, 2, 2, 3)).toEqual(['worker 1 (pid 101): two responses claim its operation 2']);
  });
});
