import { describe, expect, test } from 'vitest';
import { expectedTraffic } from '../../scenarios/theory/expected-traffic.ts';
import { Ledger } from '../traffic/ledger.ts';
import { createWorkload } from '../traffic/workload.ts';
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
  test('nine to ten runs in ten lie inside the interval, without bias', () => {
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

test('loads that nothing came between are not held to overlap', () => {
  const ledger = new Ledger();
  const row = {
    ...({ key: 0, status: 200, slot: 1, pid: 1, operation: 'read', outcome: 'cold' } as const),
    ...{ latencyMicros: 1, arrivedMillis: 1, atSeconds: 5, storedAtSeconds: 5.002 },
  };
  ledger.append({ ...row, request: 0, sequence: 1, storedSequence: 2 });
  ledger.append({ ...row, request: 1, sequence: 3, storedSequence: 4 });
  expect(lookupTimes([ledger]).overlap).toBe(false);
  ledger.append({ ...row, request: 2, sequence: 5, storedSequence: 8 });
  expect(lookupTimes([ledger]).overlap).toBe(true);
});
