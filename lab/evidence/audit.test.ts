import { describe, expect, it } from 'vitest';
import { type CacheCounts, CacheStats } from '../../server/cache/stats.ts';
import { Ledger, type LedgerRow } from '../traffic/ledger.ts';
import { auditPhase } from './audit.ts';
import { RecordedFleet, type RecordedPhase } from './fixtures/recorded-fleet.ts';
import { ledgerOf } from './fixtures/rows.ts';

const LIMITS = { maxEntries: 30, timeoutSeconds: 10, cullFrequency: 3 };
const REQUESTS = 1000;

function fleet(): RecordedFleet {
  return new RecordedFleet({ workers: 3, keys: 100, limits: LIMITS, seed: 5 });
}

/** The phase as it would look if one response had come otherwise, or not at all. */
function altered(
  phase: RecordedPhase,
  change: (row: LedgerRow) => LedgerRow | null,
  which = (row: LedgerRow) => row.request === 500,
): RecordedPhase {
  const ledger = new Ledger();
  for (let i = 0; i < phase.ledger.length; i++) {
    const row = phase.ledger.row(i);
    const written = which(row) ? change(row) : row;
    if (written) ledger.append(written);
  }
  return { ...phase, ledger };
}

function failures(phase: RecordedPhase): string[] {
  const { checks, clean } = auditPhase({ ...phase, sent: REQUESTS });
  const failed = checks.filter(({ holds }) => !holds);
  expect(clean).toBe(failed.length === 0);
  return [...new Set(failed.map(({ name }) => name))];
}

describe('the audit', () => {
  it('is clean when clients and workers saw the same, phase after phase', () => {
    const workers = fleet();
    expect(failures(workers.phase(REQUESTS))).toEqual([]);
    expect(failures(workers.phase(REQUESTS, 0.1))).toEqual([]);
  });

  it('holds each worker against its own counters, and all against what was sent', () => {
    const stats = (given: Partial<CacheCounts>) => ({ ...new CacheStats({}), ...given });
    const worker = {
      port: 8_000,
      connections: 0,
      entries: 0,
      keys: [],
      rssBytes: 0,
      heapUsedBytes: 0,
    };
    const before = [
      { ...worker, slot: 1, pid: 101, requests: 50, originQueries: 20, stats: stats({ hits: 30 }) },
    ];
    const after = [
      {
        ...{ ...worker, slot: 1, pid: 101, requests: 56, originQueries: 23 },
        stats: stats({ hits: 31, missesCold: 2, missesExpired: 3, missesEvicted: 4, errors: 5 }),
      },
      { ...worker, slot: 2, pid: 102, requests: 1, originQueries: 0, stats: stats({}) },
    ];
    const ledger = ledgerOf(
      { outcome: 'hit', sequence: 61 },
      { outcome: 'cold', sequence: 62, storedSequence: 63 },
      { outcome: 'expired', sequence: 64, storedSequence: 66 },
      { outcome: 'error', sequence: 65 },
      { outcome: 'none', operation: 'clear', sequence: 67 },
      { outcome: 'none', operation: 'other' },
      { outcome: 'cold', operation: 'other', pid: 999, slot: 1 },
      { outcome: 'hit', pid: 101, slot: 2 },
    );
    const { checks, clean } = auditPhase({ ledger, before, after, sent: 9 });
    expect(clean).toBe(false);
    const told = checks.map(
      ({ name, slot, seen, counted, holds }) =>
        `${slot ?? 'all'} ${name}: ${seen} of ${counted} ${holds}`,
    );
    expect(told).toEqual([
      '1 requests: 5 of 6 false',
      '1 hits: 1 of 1 true',
      '1 misses: 2 of 9 false',
      '1 backend errors: 1 of 5 false',
      '1 origin queries: 3 of 3 true',
      '1 cache operations without a gap: 7 of 7 true',
      '2 requests: 0 of 1 false',
      '2 hits: 0 of 0 true',
      '2 misses: 0 of 0 true',
      '2 backend errors: 0 of 0 true',
      '2 origin queries: 0 of 0 true',
      '2 cache operations without a gap: 0 of 0 true',
      'all responses to what was sent: 7 of 9 false',
    ]);
    const killed = auditPhase({ ledger, before, after, sent: null });
    expect(killed.checks).toEqual(checks.slice(0, -1));
  });

  it('catches that a worker’s very first response was lost, and a later one', () => {
    const gap = (sequences: number[], requestsBefore: number | null) => {
      const ledger = ledgerOf(...sequences.map((sequence) => ({ sequence })));
      const [now] = fleet().phase(0).after;
      const then = { ...now!, pid: 101, requests: requestsBefore ?? 0 };
      const before = requestsBefore === null ? [] : [then];
      const { checks } = auditPhase({ ledger, before, after: [{ ...now!, pid: 101 }], sent: null });
      const { seen, counted, holds } = checks.find(({ name }) => name.startsWith('cache'))!;
      return [seen, counted, holds];
    };
    // Of a process that is new, or was never asked, the numbers begin with 1.
    expect(gap([1, 2, 3], null)).toEqual([3, 3, true]);
    expect(gap([2, 3], null)).toEqual([2, 3, false]);
    expect(gap([2, 3], 0)).toEqual([2, 3, false]);
    expect(gap([8, 9], 7)).toEqual([2, 2, true]);
    expect(gap([11, 8, 9], 7)).toEqual([3, 4, false]);
    expect(gap([8, 9, 9, 10], 7)).toEqual([4, 3, false]);
    // A lost one and a double one do not make up for each other.
    expect(gap([8, 9, 9, 11], 7)).toEqual([4, 4, false]);
  });

  it('catches a response that was lost', () => {
    const found = failures(altered(fleet().phase(REQUESTS), () => null));
    expect(found).toContain('requests');
    expect(found).toContain('responses to what was sent');
    expect(found).toContain('cache operations without a gap');
  });

  it('catches a response that was counted twice', () => {
    const phase = fleet().phase(REQUESTS);
    phase.ledger.append(phase.ledger.row(10));
    expect(failures(phase)).toContain('cache operations without a gap');
  });

  it('catches a hit that was really a miss, and a miss that was a hit', () => {
    const phase = fleet().phase(REQUESTS);
    const firstHit = indexOf(phase, (row) => row.outcome === 'hit');
    const asMiss = altered(
      phase,
      (row) => ({ ...row, outcome: 'cold' }),
      (row) => row.request === firstHit,
    );
    expect(failures(asMiss)).toEqual(['hits', 'misses', 'origin queries']);
    const firstMiss = indexOf(phase, (row) => row.outcome === 'cold');
    const asHit = altered(
      phase,
      (row) => ({ ...row, outcome: 'hit' }),
      (row) => row.request === firstMiss,
    );
    expect(failures(asHit)).toEqual(['hits', 'misses', 'origin queries']);
  });

  it('catches a response that is put down to another worker', () => {
    const phase = altered(fleet().phase(REQUESTS), (row) => ({ ...row, slot: (row.slot % 3) + 1 }));
    expect(failures(phase)).toContain('requests');
  });

  it('catches a store that no response tells of', () => {
    const phase = fleet().phase(REQUESTS);
    const stored = indexOf(phase, (row) => row.storedSequence > 0);
    const hidden = altered(
      phase,
      (row) => ({ ...row, storedSequence: 0 }),
      (row) => row.request === stored,
    );
    expect(failures(hidden)).toEqual(['cache operations without a gap']);
  });

  it('goes by what is left when a worker was replaced', () => {
    const workers = fleet();
    workers.phase(REQUESTS);
    const first = workers.phase(500);
    workers.restart(2);
    const second = workers.phase(500);
    const ledger = new Ledger();
    for (const { ledger: part } of [first, second]) {
      for (let i = 0; i < part.length; i++) ledger.append(part.row(i));
    }
    expect(failures({ ledger, before: first.before, after: second.after })).toEqual([]);
  });
});

function indexOf(phase: RecordedPhase, found: (row: LedgerRow) => boolean): number {
  for (let i = 0; i < phase.ledger.length; i++) if (found(phase.ledger.row(i))) return i;
  throw new Error('no such row');
}
