import Value from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { Bins, Totals, Trace, WorkerFigures } from '../../reports/record/schema.ts';
import { OUTCOMES } from '../../reports/record/vocabulary.ts';
import { type CacheCounts, CacheStats } from '../../server/cache/stats.ts';
import type { WorkerSnapshot } from '../../server/protocol.ts';
import { Ledger, NO_KEY } from '../traffic/ledger.ts';
import { RecordedFleet, type RecordedPhase } from './fixtures/recorded-fleet.ts';
import { ledgerOf } from './fixtures/rows.ts';
import { replayArm } from './replay.ts';
import type { PhaseReplay } from './replayed-phase.ts';
import { summarizePhase } from './summary.ts';
import { LONGEST_TRACE } from './traces.ts';

const LIMITS = { maxEntries: 30, timeoutSeconds: 10, cullFrequency: 3 };
const keyName = (key: number) => `user_${key}`;

function fleet(workers = 3): RecordedFleet {
  return new RecordedFleet({ workers, keys: 100, limits: LIMITS, seed: 5 });
}

function summaryOf(phase: RecordedPhase) {
  return summarizePhase({ ...phase, keyName });
}

function replayed(ledger: Ledger): PhaseReplay {
  return replayArm({ ledgers: [ledger], cache: LIMITS, workers: 3, keyName })[0]!;
}

describe('the figures of a phase', () => {
  it('fit the schema of the record', () => {
    const summary = summaryOf(fleet().phase(1000));
    expect([...Value.Errors(WorkerFigures, summary.workers[0])]).toEqual([]);
    expect([...Value.Errors(Totals, summary.totals)]).toEqual([]);
    expect([...Value.Errors(Bins, summary.bins)]).toEqual([]);
    expect([...Value.Errors(Trace, summary.trace)]).toEqual([]);
  });

  it('are those of the second phase alone', () => {
    const workers = fleet();
    workers.phase(1000);
    const { workers: figures, totals } = summaryOf(workers.phase(400));
    expect(totals.requests).toBe(400);
    const queries = figures.reduce((sum, worker) => sum + worker.originQueries, 0);
    const misses = totals.misses.cold + totals.misses.expired + totals.misses.evicted;
    expect(queries).toBe(misses);
    expect(totals.hits + misses).toBe(400);
    expect(totals.hitRate).toBe(totals.hits / 400);
    expect(figures.reduce((sum, worker) => sum + worker.evictions, 0)).toBeGreaterThan(0);
  });

  it('take the hit rate over all lookups, not the mean of the workers', () => {
    const ledger = new Ledger();
    const row = fleet().phase(1).ledger.row(0);
    const add = (slot: number, outcome: 'hit' | 'cold') =>
      ledger.append({ ...row, slot, pid: slot, outcome, request: ledger.length });
    for (let i = 0; i < 9; i++) add(1, 'hit');
    add(2, 'cold');
    const { totals, workers } = summarizePhase({ ledger, before: [], after: [], keyName });
    expect(workers.map((worker) => worker.hitRate)).toEqual([1, 0]);
    expect(totals.hitRate).toBe(0.9);
  });

  it('know no hit rate without lookups, and list the worker that idled', () => {
    const { workers, totals } = summaryOf(fleet().phase(0));
    expect(workers.map(({ slot, requests }) => [slot, requests])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
    expect(workers.every((worker) => worker.hitRate === null)).toBe(true);
    expect(totals).toMatchObject({ hitRate: null, duplicationFactor: null, entries: 0 });
  });

  it('say how often the same entry is held', () => {
    const phase = fleet().phase(2000);
    const { totals } = summaryOf(phase);
    const held = phase.after.flatMap((worker) => worker.keys!);
    expect(totals.entries).toBe(held.length);
    expect(totals.uniqueEntries).toBe(new Set(held).size);
    expect(totals.duplicationFactor).toBe(held.length / new Set(held).size);
    expect(totals.duplicationFactor).toBeGreaterThan(1);
    const silent = phase.after.map((worker) => ({ ...worker, entries: null, keys: null }));
    expect(summaryOf({ ...phase, after: silent }).totals).toMatchObject({
      entries: null,
      uniqueEntries: null,
      duplicationFactor: null,
    });
  });

  it('count the origin queries of a worker that took its counters along', () => {
    const workers = fleet();
    const { before, ledger } = workers.phase(600);
    workers.restart(1);
    const { after } = workers.phase(0);
    const { workers: figures } = summaryOf({ ledger, before, after });
    const [first] = figures;
    expect(first!.originQueries).toBe(
      first!.misses.cold + first!.misses.expired + first!.misses.evicted,
    );
    expect(first!.pid).toBe(after[0]!.pid);
  });

  it('leave out what no worker answered', () => {
    const phase = fleet().phase(10);
    phase.ledger.append({ ...phase.ledger.row(0), slot: 0, pid: 0, status: 502, outcome: 'none' });
    const { workers, totals, bins } = summaryOf(phase);
    expect(workers.map((worker) => worker.slot)).toEqual([1, 2, 3]);
    expect(bins.workers.every((worker) => worker.slot > 0)).toBe(true);
    expect(totals).toMatchObject({ requests: 11, failures: 1 });
  });
});

describe('of a few responses', () => {
  const counts = (given: Partial<CacheCounts>): CacheCounts => ({
    ...new CacheStats({}),
    ...given,
  });
  const snapshot = (given: Partial<WorkerSnapshot>): WorkerSnapshot => ({
    ...{ slot: 1, pid: 101, port: 8_000, connections: 0, requests: 0, stats: counts({}) },
    ...{ originQueries: 0, entries: 0, keys: [], rssBytes: 0, heapUsedBytes: 0 },
    ...given,
  });
  /** Two workers; the second idles. */
  const before = [
    snapshot({
      ...{ connections: 3, originQueries: 10, rssBytes: 1, heapUsedBytes: 2 },
      stats: counts({ evictions: 30, culls: 4, hits: 9 }),
    }),
    snapshot({ slot: 2, pid: 102 }),
  ];
  const after = [
    snapshot({
      ...{ connections: 8, originQueries: 14, entries: 3, keys: ['a', 'b', 'c'] },
      stats: counts({ evictions: 36, culls: 6, hits: 99 }),
      ...{ rssBytes: 61e6, heapUsedBytes: 22e6 },
    }),
    snapshot({ slot: 2, pid: 102, entries: 2, keys: ['a', 'd'] }),
  ];
  const ledger = ledgerOf(
    { outcome: 'hit', latencyMicros: 100 },
    { outcome: 'hit', latencyMicros: 110 },
    { outcome: 'cold', latencyMicros: 2_000 },
    { outcome: 'expired', latencyMicros: 3_000 },
    { outcome: 'expired', latencyMicros: 3_000 },
    { outcome: 'evicted', latencyMicros: 4_000 },
    { outcome: 'error', latencyMicros: 9_000, status: 500 },
    { outcome: 'none', operation: 'other', key: NO_KEY, status: 404, latencyMicros: 7 },
  );

  it('each goes where it belongs', () => {
    const { workers, totals } = summarizePhase({ ledger, before, after, keyName });
    const [busy, idle] = workers;
    expect(busy).toMatchObject({
      ...{ slot: 1, pid: 101, connections: 5, requests: 8, hits: 2, errors: 1 },
      ...{ misses: { cold: 1, expired: 2, evicted: 1 }, hitRate: 2 / 6, originQueries: 4 },
      ...{ evictions: 6, culls: 2, entries: 3, rssBytes: 61e6, heapUsedBytes: 22e6 },
      hitLatency: { count: 2, maxMicros: 110 },
      missLatency: { count: 4, maxMicros: 4_000 },
    });
    expect(idle).toMatchObject({
      ...{ slot: 2, pid: 102, connections: 0, requests: 0, hits: 0, entries: 2, hitRate: null },
      ...{ hitLatency: { count: 0 }, missLatency: { count: 0 } },
    });
    expect(totals).toEqual({
      ...{ requests: 8, failures: 2, hits: 2, misses: { cold: 1, expired: 2, evicted: 1 } },
      ...{ errors: 1, hitRate: 2 / 6, originQueries: 4 },
      ...{ entries: 5, uniqueEntries: 4, duplicationFactor: 5 / 4 },
    });
  });

  it('2xx are no failures, and all others are', () => {
    const statuses = [199, 200, 204, 299, 300, 404, 500];
    const answered = ledgerOf(...statuses.map((status) => ({ status })));
    expect(summarizePhase({ ledger: answered, before, after, keyName }).totals.failures).toBe(4);
  });

  it('what all workers share is counted once, and no worker’s own', () => {
    const keys = ['a', 'b', 'c'];
    const sharing = after.map((worker) => ({ ...worker, entries: 3, keys }));
    const shared = { ledger, before, after: sharing, keyName, sharedCache: true };
    const { workers, totals } = summarizePhase(shared);
    expect(workers.map(({ entries }) => entries)).toEqual([null, null]);
    expect(totals).toMatchObject({ entries: 3, uniqueEntries: 3, duplicationFactor: 1 });
  });

  it('clears of the lab are no requests: all is the sum of the workers', () => {
    const cleared = ledgerOf(
      { outcome: 'cold', sequence: 1 },
      { operation: 'clear', outcome: 'none', key: NO_KEY, sequence: 2, status: 204 },
      { outcome: 'cold', sequence: 3, slot: 2, pid: 102 },
    );
    const { workers, totals, trace, bins } = summarizePhase({
      ...{ ledger: cleared, before, after, keyName },
    });
    expect(workers.map(({ requests }) => requests)).toEqual([1, 1]);
    expect(totals.requests).toBe(2);
    expect(trace).toMatchObject({ keys: ['user_0'], key: [0, 0], slot: [1, 2] });
    expect(bins.workers.map(({ requests }) => requests)).toEqual([
      [1, 0, 0],
      [0, 0, 1],
    ]);
  });

  it('a request about no key of the workload has no name and no rank', () => {
    const { trace } = summarizePhase({ ledger, before, after, keyName });
    expect(trace).toEqual({
      ...{ keys: ['user_0', ''], ranks: [1, 0], key: [0, 0, 0, 0, 0, 0, 0, 1] },
      ...{ slot: new Array(8).fill(1), outcome: [0, 0, 1, 2, 2, 3, 4, 5], avoidable: [] },
    });
  });

  it('a worker that was replaced is told by its successor, and its loads by its responses', () => {
    const replaced = ledgerOf(
      { pid: 7, outcome: 'cold' },
      { pid: 7, outcome: 'error' },
      { pid: 7, outcome: 'hit' },
      { pid: 7, outcome: 'cold', operation: 'other' },
      { pid: 101, outcome: 'cold' },
      { slot: 3, pid: 103, outcome: 'cold' },
    );
    const successor = snapshot({ originQueries: 1, connections: 2 });
    const { workers } = summarizePhase({
      ...{ ledger: replaced, before: [snapshot({ pid: 7, originQueries: 5, connections: 9 })] },
      ...{ after: [successor], keyName },
    });
    expect(workers).toMatchObject([
      { slot: 1, pid: 101, requests: 5, connections: 2, originQueries: 3 },
      // Nobody told of this worker but its response.
      { slot: 3, pid: 103, requests: 1, originQueries: 1, entries: null, rssBytes: 0 },
    ]);
  });

  it('a worker that is gone without a word is known by what it was before', () => {
    const was = [snapshot({ slot: 2, pid: 202 }), snapshot({ slot: 1, pid: 201 })];
    const { workers } = summarizePhase({
      ...{ ledger: new Ledger(), before: was, after: [] },
      keyName,
    });
    expect(workers).toMatchObject([
      { slot: 1, pid: 201, requests: 0, connections: 0, originQueries: 0, entries: null },
      { slot: 2, pid: 202, requests: 0, connections: 0, originQueries: 0, entries: null },
    ]);
  });

  it('where one worker cannot say what it holds, nobody knows what all hold', () => {
    const unlisted = [after[0]!, { ...after[1]!, entries: null }];
    const known = summarizePhase({ ledger, before, after: unlisted, keyName }).totals;
    expect(known).toMatchObject({ entries: null, uniqueEntries: 4, duplicationFactor: null });
  });

  it('workers and keys stand in their own order, whoever was asked first for whatever', () => {
    const mixed = ledgerOf({ slot: 3, key: 9 }, { slot: 1, key: 10 }, { slot: 2, key: 2 });
    const { bins, trace } = summarizePhase({ ledger: mixed, before, after, keyName });
    expect(bins.workers.map(({ slot }) => slot)).toEqual([1, 2, 3]);
    expect(trace).toMatchObject({
      ...{ keys: ['user_2', 'user_9', 'user_10'], ranks: [3, 10, 11] },
      ...{ key: [1, 2, 0], slot: [3, 1, 2] },
    });
  });
});

describe('bins and trace', () => {
  it('cut the run into about 100 bins that add up to the figures', () => {
    for (const requests of [1, 7, 100, 101, 4000]) {
      const { bins, workers } = summaryOf(fleet().phase(requests));
      expect(bins.workers[0]!.requests.length).toBeLessThanOrEqual(100);
      for (const worker of bins.workers) {
        const figures = workers.find(({ slot }) => slot === worker.slot)!;
        const sum = (column: number[]) => column.reduce((a, b) => a + b, 0);
        expect(sum(worker.requests)).toBe(figures.requests);
        expect(sum(worker.hits)).toBe(figures.hits);
        expect(sum(worker.cold)).toBe(figures.misses.cold);
        expect(sum(worker.expired)).toBe(figures.misses.expired);
        expect(sum(worker.evicted)).toBe(figures.misses.evicted);
      }
    }
  });

  it('trace every response in the order of sending', () => {
    const phase = fleet().phase(500);
    const shuffled = new Ledger();
    for (let i = 0; i < 500; i++) shuffled.append(phase.ledger.row((i * 7) % 500));
    const { avoidable } = replayed(shuffled);
    const { trace } = summarizePhase({ ...phase, ledger: shuffled, keyName, avoidable });
    for (let request = 0; request < 500; request++) {
      const row = phase.ledger.row(request);
      expect(trace!.keys[trace!.key[request]!]).toBe(keyName(row.key));
      expect(OUTCOMES[trace!.outcome[request]!]).toBe(row.outcome);
      expect(trace!.slot[request]).toBe(row.slot);
      if (row.outcome === 'hit') expect(trace!.avoidable[request]).toBe(0);
    }
    expect(trace!.avoidable).toContain(1);
  });

  it('trace no run that is too long to look at', { tags: 'slow' }, () => {
    expect(summaryOf(fleet().phase(LONGEST_TRACE)).trace).not.toBeNull();
    expect(summaryOf(fleet().phase(LONGEST_TRACE + 1)).trace).toBeNull();
  });
});
