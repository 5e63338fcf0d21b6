import { describe, expect, test } from 'vitest';
import { expectedTraffic } from '../../scenarios/theory/expected-traffic.ts';
import { Ledger } from '../traffic/ledger.ts';
import { createWorkload } from '../traffic/workload.ts';
import { ledgerOf } from './fixtures/rows.ts';
import { lookupTimes } from './lookup-times.ts';

const KEYS = 100;
const REQUESTS = 400;
const LOAD_SECONDS = 0.02;

/**
 * A run as it could have been, written independently of the model: clients ask two workers in turn,
 * one request a millisecond, and a load takes 20 ms in which others may ask for the same key.
 */
function asyncRun(seed: number, timeoutSeconds: number | null) {
  const workload = createWorkload({ popularity: 'zipf', zipf: 0.8, keys: KEYS, seed });
  const ledger = new Ledger();
  const workers = [1, 2].map((slot) => ({
    slot,
    sequence: 0,
    storedAt: new Map<number, number>(),
    arriving: [] as { key: number; at: number; row: number }[],
  }));
  const rows: Parameters<Ledger['append']>[0][] = [];
  const arrive = (worker: (typeof workers)[0], now: number) => {
    while (worker.arriving[0] && worker.arriving[0].at <= now) {
      const { key, at, row } = worker.arriving.shift()!;
      worker.storedAt.set(key, at);
      rows[row] = { ...rows[row]!, storedSequence: ++worker.sequence, storedAtSeconds: at };
    }
  };
  let misses = 0;
  for (let request = 0; request < REQUESTS; request++) {
    const now = request / 1_000;
    const worker = workers[request % 2]!;
    arrive(worker, now);
    const key = workload.next();
    const stored = worker.storedAt.get(key);
    const isHit =
      stored !== undefined && (timeoutSeconds === null || stored + timeoutSeconds > now);
    if (!isHit) {
      misses++;
      worker.arriving.push({ key, at: now + LOAD_SECONDS, row: request });
    }
    rows[request] = {
      ...{ request, key, status: 200, slot: worker.slot, pid: worker.slot, operation: 'read' },
      outcome: isHit ? 'hit' : stored === undefined ? 'cold' : 'expired',
      ...{ sequence: ++worker.sequence, storedSequence: 0, atSeconds: now, storedAtSeconds: 0 },
      ...{ latencyMicros: 1, arrivedMillis: now * 1_000 },
    };
  }
  for (const worker of workers) arrive(worker, Infinity);
  for (const row of rows) ledger.append(row);
  return { ledger, misses, shares: workload.shares };
}

describe.each([
  ['loads overlap', null],
  ['loads overlap and entries expire', 0.1],
])('where %s', (_name, timeoutSeconds) => {
  test('nine to ten runs in ten lie inside the interval, without bias', { tags: 'slow' }, () => {
    const runs = Array.from({ length: 50 }, (_, seed) => {
      const { ledger, misses, shares } = asyncRun(1_000 + seed, timeoutSeconds);
      const expected = expectedTraffic({
        shares,
        popularity: 'zipf',
        requestsPerWorker: [REQUESTS / 2, REQUESTS / 2],
        cache: { maxEntries: 300, timeoutSeconds, cullFrequency: 3 },
        durationSeconds: REQUESTS / 1_000,
        times: lookupTimes([ledger]),
        seed,
      })!.misses;
      return {
        off: misses - expected.value,
        inside: misses >= expected.low! && misses <= expected.high!,
      };
    });
    const inside = runs.filter((run) => run.inside).length;
    expect(inside).toBeGreaterThanOrEqual(42);
    const bias = runs.reduce((sum, { off }) => sum + off, 0) / runs.length;
    // A run scatters by about 9 misses, the mean of 50 by 1.3.
    expect(Math.abs(bias)).toBeLessThan(5);
  });

  test('counting first touches alone would expect too few', () => {
    const { ledger, shares } = asyncRun(1, timeoutSeconds);
    const options = {
      shares,
      popularity: 'zipf',
      requestsPerWorker: [REQUESTS / 2, REQUESTS / 2],
      cache: { maxEntries: 300, timeoutSeconds: null, cullFrequency: 3 },
      durationSeconds: REQUESTS / 1_000,
      seed: 1,
    } as const;
    const withTimes = expectedTraffic({ ...options, times: lookupTimes([ledger]) })!;
    expect(withTimes.misses.value).toBeGreaterThan(expectedTraffic(options)!.misses.value + 5);
  });
});

describe('the times of lookups', () => {
  const stored = (sequence: number, atSeconds: number, loadSeconds: number) => ({
    ...({ outcome: 'cold', sequence, storedSequence: sequence + 1 } as const),
    ...{ atSeconds, storedAtSeconds: atSeconds + loadSeconds },
  });

  test('are in the order of each worker’s cache, and hits would have taken as long as usual', () => {
    const before = ledgerOf(stored(1, 1, 0.5), { slot: 2, pid: 102, sequence: 1, atSeconds: 1.5 });
    const counted = ledgerOf(
      { sequence: 7, atSeconds: 7 },
      stored(5, 5, 0.25),
      stored(3, 3, 0.75),
      // Stored nothing, so what it took is not known.
      { outcome: 'cold', sequence: 8, atSeconds: 8 },
      // No reads of the cache.
      { operation: 'delete', outcome: 'none', sequence: 9 },
      { sequence: 0 },
    );
    const { workers, overlap } = lookupTimes([before, counted]);
    expect(overlap).toBe(false);
    expect(workers.map(({ slot, firstCounted }) => [slot, firstCounted])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    const [one, two] = workers;
    expect([...one!.atSeconds]).toEqual([1, 3, 5, 7, 8]);
    expect([...one!.loadSeconds]).toEqual([0.5, 0.75, 0.25, 0.5, 0.5]);
    expect([[...two!.atSeconds], [...two!.loadSeconds]]).toEqual([[1.5], [0]]);
  });

  test('do not tell the load of a hit, nor of an error', () => {
    const failed = { outcome: 'error', storedSequence: 6, storedAtSeconds: 99 } as const;
    const ledger = ledgerOf(stored(1, 1, 0.5), stored(3, 3, 0.5), { sequence: 5, ...failed });
    expect([...lookupTimes([ledger]).workers[0]!.loadSeconds]).toEqual([0.5, 0.5, 0.5]);
  });

  test('overlap where something came between a lookup and its store', () => {
    const apart = ledgerOf(stored(1, 5, 0.002), stored(3, 5, 0.002));
    expect(lookupTimes([apart]).overlap).toBe(false);
    const between = { ...stored(5, 5, 0.002), storedSequence: 8 };
    expect(lookupTimes([apart, ledgerOf(between)]).overlap).toBe(true);
    expect(lookupTimes([ledgerOf({ sequence: 4 })]).overlap).toBe(false);
  });

  test('are none without a ledger', () => {
    expect(lookupTimes([])).toEqual({ workers: [], overlap: false });
  });
});
