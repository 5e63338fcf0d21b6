import { describe, expect, it } from 'vitest';
import { Ledger } from '../traffic/ledger.ts';
import { ledgerOf } from './fixtures/rows.ts';
import { type ReplayOptions, replayArm } from './replay.ts';
import type { PhaseReplay } from './replayed-phase.ts';

/** What the replay makes of single steps; caches hold three entries and drop them all at once. */

const cache = { maxEntries: 3, timeoutSeconds: null, cullFrequency: 1 };

function replayed(ledgers: Ledger[], options: Pick<ReplayOptions, 'workers'>): PhaseReplay[] {
  return replayArm({ ledgers, cache, keyName: (key) => `user_${key}`, ...options });
}

describe('a step of a cache', () => {
  const replayOf = (ledger: Ledger, options: Partial<ReplayOptions> = {}) =>
    replayed([ledger], { workers: 2, ...options })[0]!;

  it('deletes or clears what the next lookup then does not find', () => {
    const ledger = ledgerOf(
      { outcome: 'cold', key: 5, sequence: 1, storedSequence: 2 },
      { outcome: 'none', key: 5, sequence: 3, operation: 'delete' },
      { outcome: 'cold', key: 5, sequence: 4, storedSequence: 5 },
      { outcome: 'none', sequence: 6, operation: 'clear' },
      { outcome: 'cold', key: 5, sequence: 7, storedSequence: 8 },
      { outcome: 'none', sequence: 9, operation: 'other' },
      { outcome: 'hit', key: 5, sequence: 10 },
    );
    const { replay, changes } = replayOf(ledger);
    expect(replay).toMatchObject({
      ...{ responses: 4, identical: 4, firstDifference: null },
      // One cache for all would have been told to forget as well.
      ...{ sharedCacheMisses: 3, avoidableMisses: 0 },
    });
    expect(changes).toEqual({
      ...{
        at: [1, 2, 3, 4, 5],
        slot: [1, 1, 1, 1, 1],
        key: [5, 5, 5, 5, 5],
        held: [1, 0, 1, 0, 1],
      },
    });
  });

  it('is told in words where the model would have answered otherwise', () => {
    const ledger = ledgerOf(
      { outcome: 'cold', key: 5, sequence: 1, storedSequence: 2 },
      { outcome: 'cold', key: 5, sequence: 3 },
      { outcome: 'evicted', key: 5, sequence: 4 },
    );
    expect(replayOf(ledger).replay.firstDifference).toBe(
      'request 2 for user_5 at worker 1 (pid 101): the response said cold, the model says hit',
    );
  });

  it('of a phase that comes first is there when the next begins', () => {
    const first = ledgerOf({ outcome: 'cold', key: 5, sequence: 1, storedSequence: 2 });
    const second = ledgerOf({ outcome: 'hit', key: 5, sequence: 3 });
    const phases = replayed([first, second, new Ledger()], { workers: 1 });
    expect(phases.map(({ replay }) => replay.responses)).toEqual([1, 1, 0]);
    const held = { slot: [1], key: [5], held: [1] };
    expect(phases.map(({ changes }) => changes)).toEqual([
      { at: [1], ...held },
      { at: [0], ...held },
      { at: [0], ...held },
    ]);
  });

  it('that removes is written down in the phase in which it happens', () => {
    const first = ledgerOf({ outcome: 'cold', key: 5, sequence: 1, storedSequence: 2 });
    const second = ledgerOf({ key: 5, sequence: 3, operation: 'delete', outcome: 'none' });
    const [before, after] = replayed([first, second], { workers: 1 });
    expect(before!.changes!.held).toEqual([1]);
    expect(after!.changes).toEqual({ at: [0, 1], slot: [1, 1], key: [5, 5], held: [1, 0] });
  });

  it('of a process that was replaced ends with what its cache held', () => {
    const ledger = ledgerOf(
      { outcome: 'cold', key: 5, sequence: 1, storedSequence: 2, atSeconds: 1, storedAtSeconds: 1 },
      {
        outcome: 'cold',
        key: 6,
        sequence: 1,
        storedSequence: 2,
        atSeconds: 2,
        storedAtSeconds: 2,
        pid: 201,
      },
      { outcome: 'hit', key: 6, sequence: 3, atSeconds: 3, pid: 201 },
    );
    expect(replayOf(ledger).changes).toEqual({
      ...{ at: [1, 2, 2], slot: [1, 1, 1], key: [5, 5, 6], held: [1, 0, 1] },
    });
  });

  it('takes place at its own time, a lookup before another worker’s store at that moment', () => {
    const ledger = ledgerOf(
      {
        slot: 1,
        outcome: 'cold',
        key: 5,
        sequence: 1,
        storedSequence: 2,
        atSeconds: 1,
        storedAtSeconds: 4,
      },
      {
        slot: 2,
        pid: 102,
        outcome: 'cold',
        key: 5,
        sequence: 1,
        storedSequence: 2,
        atSeconds: 4,
        storedAtSeconds: 5,
      },
      {
        slot: 3,
        pid: 103,
        outcome: 'cold',
        key: 5,
        sequence: 1,
        storedSequence: 2,
        atSeconds: 4.1,
        storedAtSeconds: 6,
      },
    );
    const { avoidable, replay } = replayOf(ledger, { workers: 3 });
    expect([...avoidable]).toEqual([0, 0, 1]);
    expect(replay.avoidableByWorker).toEqual([
      { slot: 1, misses: 0 },
      { slot: 2, misses: 0 },
      { slot: 3, misses: 1 },
    ]);
  });
});
