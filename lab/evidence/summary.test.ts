import Value from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { Bins, Latency, Totals, Trace, WorkerFigures } from '../../reports/record/schema.ts';
import { OUTCOMES } from '../../reports/record/vocabulary.ts';
import { Ledger } from '../traffic/ledger.ts';
import { RecordedFleet, type RecordedPhase } from './fixtures/recorded-fleet.ts';
import { LatencyCounter } from './latency.ts';
import { type PhaseReplay, replayArm } from './replay.ts';
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

  it('trace no run that is too long to look at', () => {
    expect(summaryOf(fleet().phase(LONGEST_TRACE)).trace).not.toBeNull();
    expect(summaryOf(fleet().phase(LONGEST_TRACE + 1)).trace).toBeNull();
  });
});

describe('latency', () => {
  it('has percentiles to three digits and bars that add up', () => {
    const counter = new LatencyCounter();
    for (let micros = 1; micros <= 10_000; micros++) counter.add(micros);
    const latency = counter.latency();
    expect([...Value.Errors(Latency, latency)]).toEqual([]);
    expect(latency.p50Micros! / 5000).toBeCloseTo(1, 2);
    expect(latency.p99Micros! / 9900).toBeCloseTo(1, 2);
    expect(latency.maxMicros).toBe(10_000);
    expect(latency.counts.reduce((a, b) => a + b, 0)).toBe(10_000);
    latency.upToMicros.forEach((end, i) => {
      const below = i === 0 ? 0 : latency.upToMicros[i - 1]!;
      expect(latency.counts[i]).toBe(Math.floor(end) - Math.floor(below));
    });
  });

  it('takes what is faster than a microsecond and slower than a minute', () => {
    const counter = new LatencyCounter();
    counter.add(0.2);
    counter.add(120_000_000);
    const latency = counter.latency();
    expect(latency.count).toBe(2);
    expect(latency.maxMicros).toBe(120_000_000);
    expect(latency.counts.reduce((a, b) => a + b, 0)).toBe(2);
  });

  it('is unknown, not zero, without a value', () => {
    expect(new LatencyCounter().latency()).toMatchObject({
      count: 0,
      p50Micros: null,
      maxMicros: null,
    });
  });
});
