import { describe, expect, it } from 'vitest';
import type { CacheLimits } from '../../scenarios/theory/cache-limits.ts';
import { Ledger, type LedgerRow } from '../traffic/ledger.ts';
import { type FleetSetUp, RecordedFleet } from './fixtures/recorded-fleet.ts';
import { ledgerOf } from './fixtures/rows.ts';
import { type ReplayOptions, replayArm } from './replay.ts';
import type { PhaseReplay } from './replayed-phase.ts';

const LIMITS: CacheLimits = { maxEntries: 30, timeoutSeconds: 10, cullFrequency: 3 };
const SET_UP: FleetSetUp = { workers: 4, keys: 100, limits: LIMITS, seed: 8 };

function replayed(ledgers: Ledger[], options: Partial<ReplayOptions> = {}): PhaseReplay[] {
  const keyName = (key: number) => `user_${key}`;
  return replayArm({ ledgers, cache: LIMITS, workers: SET_UP.workers, keyName, ...options });
}

function copyOf(ledger: Ledger, change: (row: LedgerRow, index: number) => LedgerRow | null) {
  const copy = new Ledger();
  for (let index = 0; index < ledger.length; index++) {
    const row = change(ledger.row(index), index);
    if (row) copy.append(row);
  }
  return copy;
}

/** A ledger of single steps: [slot, key, outcome, sequence, second, stored sequence?]. */
function stepsOf(
  steps: [
    slot: number,
    key: number,
    outcome: LedgerRow['outcome'],
    sequence: number,
    at: number,
    stored?: number,
  ][],
  changes: Partial<LedgerRow> = {},
): Ledger {
  return ledgerOf(
    ...steps.map(([slot, key, outcome, sequence, atSeconds, storedSequence = 0]) => ({
      ...{ slot, pid: slot, key, outcome, sequence, storedSequence, atSeconds },
      storedAtSeconds: storedSequence ? atSeconds : 0,
      ...changes,
    })),
  );
}

describe('a replayed ledger', () => {
  it('gives the same outcome for every response, through expiry, culls, deletes and a restart', () => {
    const fleet = new RecordedFleet(SET_UP);
    const ledgers = [fleet.phase(2000).ledger, fleet.phase(2000, 0.05).ledger];
    fleet.restart(2);
    ledgers.push(fleet.phase(2000).ledger);
    for (const { replay } of replayed(ledgers)) {
      expect(replay.firstDifference).toBeNull();
      expect(replay.responses).toBeGreaterThan(1800);
      expect(replay.identical).toBe(replay.responses);
    }
  });

  it('does not depend on the order in which responses arrived', () => {
    const { ledger } = new RecordedFleet(SET_UP).phase(2000);
    const reversed = new Ledger();
    for (let i = ledger.length - 1; i >= 0; i--) reversed.append(ledger.row(i));
    const [straight, backwards] = [replayed([ledger])[0]!, replayed([reversed])[0]!];
    expect(backwards.replay).toEqual(straight.replay);
  });

  it('shows the first response that differs', () => {
    const { ledger } = new RecordedFleet(SET_UP).phase(1000);
    const altered = copyOf(ledger, (row) =>
      row.request === 700 ? { ...row, outcome: row.outcome === 'hit' ? 'cold' : 'hit' } : row,
    );
    const { replay } = replayed([altered])[0]!;
    expect(replay.identical).toBe(replay.responses - 1);
    expect(replay.firstDifference).toMatch(/^request 701 for user_\d+ at worker \d \(pid 10\d\)/);
  });

  it('sees that the cache had other limits than it should have had', () => {
    const { ledger } = new RecordedFleet(SET_UP).phase(3000);
    for (const wrong of [{ maxEntries: 31 }, { timeoutSeconds: 11 }, { cullFrequency: 4 }]) {
      const { replay } = replayed([ledger], { cache: { ...LIMITS, ...wrong } })[0]!;
      expect(replay.identical, JSON.stringify(wrong)).toBeLessThan(replay.responses);
    }
  });

  it('reports a lost response in its phase, by the numbers that are missing', () => {
    const fleet = new RecordedFleet(SET_UP);
    const first = fleet.phase(100).ledger;
    const { ledger } = fleet.phase(1000);
    const lost = ledger.row(500);
    const rest = copyOf(ledger, (row) => (row.request === 500 ? null : row));
    const [before, { replay }] = replayed([first, rest]) as [PhaseReplay, PhaseReplay];
    expect(before.replay.firstDifference).toBeNull();
    expect(replay.firstDifference).toContain(`worker ${lost.slot} (pid ${lost.pid})`);
    expect(replay.firstDifference).toContain(`${lost.sequence}`);
    expect(replay.firstDifference).toContain('lost');
  });

  it('reports a response that came twice', () => {
    const { ledger } = new RecordedFleet(SET_UP).phase(100);
    ledger.append(ledger.row(50));
    expect(replayed([ledger])[0]!.replay.firstDifference).toContain('two responses claim');
  });

  it('has nothing to say about responses that asked no cache', () => {
    const silent = stepsOf([[1, 0, 'none', 0, 0]], { operation: 'other' });
    const { replay } = replayed([silent])[0]!;
    expect(replay).toMatchObject({ responses: 0, identical: 0, firstDifference: null });
    expect(replayed([new Ledger()])[0]!.replay.responses).toBe(0);
  });
});

describe('avoidable misses', () => {
  it('are those on an entry that another worker held and that had not expired', () => {
    const ledger = stepsOf([
      [1, 7, 'cold', 1, 0, 2],
      [2, 7, 'cold', 1, 5, 2],
      [1, 7, 'expired', 3, 14, 4],
      [2, 7, 'expired', 3, 16, 4],
      [3, 8, 'cold', 1, 17, 2],
    ]);
    const { replay, avoidable } = replayed([ledger])[0]!;
    expect(replay.identical).toBe(5);
    // Worker 2 stored at 5 and still holds it at 14; worker 1 stored anew at 14.
    expect([...avoidable]).toEqual([0, 1, 1, 1, 0]);
    expect(replay.avoidableMisses).toBe(3);
    expect(replay.avoidableByWorker).toEqual([
      { slot: 1, misses: 1 },
      { slot: 2, misses: 2 },
      { slot: 3, misses: 0 },
      { slot: 4, misses: 0 },
    ]);
  });

  it('never occur with one worker', () => {
    const fleet = new RecordedFleet({ ...SET_UP, workers: 1 });
    const { replay } = replayed([fleet.phase(2000).ledger], { workers: 1 })[0]!;
    expect(replay.avoidableMisses).toBe(0);
  });

  it('do not count an entry whose worker was replaced', () => {
    const before = stepsOf([[1, 7, 'cold', 1, 0, 2]]);
    const replaced = stepsOf([[1, 9, 'cold', 1, 1, 2]], { pid: 50 });
    const other = stepsOf([[2, 7, 'cold', 1, 2, 2]]);
    const phases = replayed([before, replaced, other]);
    expect(phases[2]!.replay.avoidableMisses).toBe(0);
    const kept = replayed([before, other]);
    expect(kept[1]!.replay.avoidableMisses).toBe(1);
  });
});

describe('the same traffic through one shared cache', () => {
  it('has room for as much as all workers together', () => {
    const keys = [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6];
    const ledger = ledgerOf(
      ...keys.map((key, i) => ({
        key,
        outcome: 'cold' as const,
        sequence: 2 * i + 1,
        storedSequence: 2 * i + 2,
      })),
    );
    const cache = { maxEntries: 2, timeoutSeconds: null, cullFrequency: 1 };
    const misses = (workers: number) =>
      replayed([ledger], { cache, workers })[0]!.replay.sharedCacheMisses;
    expect([misses(1), misses(2), misses(3)]).toEqual([12, 12, 6]);
  });

  it('misses each key once while nothing expires or is culled', () => {
    const limits = { maxEntries: 300, timeoutSeconds: null, cullFrequency: 3 };
    const { ledger } = new RecordedFleet({ ...SET_UP, limits }).phase(3000);
    const { replay } = replayed([ledger], { cache: limits })[0]!;
    expect(replay.sharedCacheMisses).toBe(new Set(ledger.key.subarray(0, ledger.length)).size);
    let misses = 0;
    for (let i = 0; i < ledger.length; i++) misses += Number(ledger.row(i).outcome !== 'hit');
    expect(misses).toBeGreaterThan(replay.sharedCacheMisses!);
  });
});

describe('residency', () => {
  it('ends with exactly what the caches held', () => {
    const fleet = new RecordedFleet(SET_UP);
    const phases = [fleet.phase(1500), fleet.phase(1500, 0.02)];
    const results = replayed(phases.map((phase) => phase.ledger));
    results.forEach(({ changes }, phase) => {
      const held = new Map<number, Set<number>>([1, 2, 3, 4].map((slot) => [slot, new Set()]));
      changes!.at.forEach((at, i) => {
        const keys = held.get(changes!.slot[i]!)!;
        const key = changes!.key[i]!;
        const spoilt = changes!.held[i] === 2;
        expect(keys.has(key), 'only changes are written').toBe(changes!.held[i] === 0 || spoilt);
        if (changes!.held[i] === 0) keys.delete(key);
        else keys.add(key);
        if (i > 0) expect(at).toBeGreaterThanOrEqual(changes!.at[i - 1]!);
      });
      for (const worker of phases[phase]!.after) {
        const names = [...held.get(worker.slot)!].map((key) => `:1:user_${key}`);
        expect(names.sort()).toEqual([...worker.keys!].sort());
      }
    });
  });

  it('is left out when it would be more than a report can show', { tags: 'slow' }, () => {
    const limits = { maxEntries: 10, timeoutSeconds: null, cullFrequency: 3 };
    const { ledger } = new RecordedFleet({ ...SET_UP, limits, keys: 5000 }).phase(20_000);
    expect(replayed([ledger], { cache: limits })[0]!.changes).toBeNull();
  });
});
