import type { Arm, Expectation, Latency, Phase, RunRecord, WorkerFigures } from '../record.ts';
import { RECORD_SCHEMA, RECORD_VERSION } from '../record.ts';

/** What to make up; all have defaults. */
export interface SampleOptions {
  readonly workers?: readonly number[];
  readonly requests?: number;
  readonly keys?: number;
  readonly maxEntries?: number;
  readonly seed?: number;
  /** Worker 1 of each arm with several loses its cache after so many requests. */
  readonly restartAt?: number;
  /** The last worker of each arm with several is never asked. */
  readonly idleWorker?: boolean;
  /** The lesson's Markdown; none unless given. */
  readonly lesson?: string;
  readonly exhibits?: RunRecord['exhibits'];
  /** Leaves trace and residency out, as runs do that are too long for them. */
  readonly short?: boolean;
}

/**
 * A record as a run would leave it, from a small simulation of LRU caches, for tests of the report
 * and for looking at it. It is no measurement and says so in its question.
 */
export function sampleRecord(options: SampleOptions = {}): RunRecord {
  const arms = (options.workers ?? [1, 4]).map((workers) => sampleArm(workers, options));
  const first = arms[0]!.phases[0]!.totals;
  const last = arms.at(-1)!.phases[0]!.totals;
  return {
    schema: RECORD_SCHEMA,
    version: RECORD_VERSION,
    id: '20260102-030405-sample',
    status: 'complete',
    failure: null,
    scenario: {
      name: 'hit-rate',
      question: 'What happens to the hit rate when one server becomes four?',
      claims: ['C4', 'C14', 'C15'],
      lesson: options.lesson ?? '',
    },
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMillis: 4321,
    command: 'npm run lab -- --workers 4 --seed 7',
    seed: options.seed ?? 7,
    options: { workers: [...(options.workers ?? [1, 4])], requests: options.requests ?? 4000 },
    environment: {
      node: 'v26.10.0',
      platform: 'linux',
      arch: 'x64',
      cpu: 'Example CPU',
      cores: 2,
      memoryBytes: 8 * 2 ** 30,
      versions: { fastify: '5.12.8', autocannon: '9.0.0' },
    },
    arms,
    verdict: {
      sentence: `With ${arms.at(-1)!.workers} workers ${percent(last.hitRate)} of the lookups hit instead of ${percent(first.hitRate)}, and the database answered ${last.originQueries} queries instead of ${first.originQueries}.`,
      agreement: 'agrees',
      findings: [
        {
          claim: 'C4',
          what: 'Misses of all workers together',
          unit: 'misses',
          expected: arms.at(-1)!.phases[0]!.expected?.misses ?? null,
          measured: last.misses.cold,
          tolerance: 'inside the interval',
          agrees: true,
        },
      ],
    },
    exhibits: [...(options.exhibits ?? [])],
    warnings: [
      {
        kind: 'local-cache-with-several-workers',
        arm: arms.at(-1)!.name,
        message: 'Each worker has a cache of its own.',
        remedy: 'Use one worker, or a shared backend.',
      },
    ],
  };
}

function sampleArm(workers: number, options: SampleOptions): Arm {
  const { keys = 200, maxEntries = 300, seed = 7 } = options;
  return {
    name: workers === 1 ? '1 worker' : `${workers} workers`,
    workers,
    launcher: 'cluster',
    backend: 'locmem',
    routing: 'keep-alive',
    connections: 16,
    cache: { maxEntries, timeoutSeconds: 300, cullFrequency: 3 },
    workload: { popularity: 'zipf', zipf: 0.8, keys, seed },
    ratePerSecond: null,
    originDelayMillis: 0,
    round: 1,
    startMillis: 512,
    phases: [samplePhase(workers, options)],
    observations: {},
  };
}

const OUTCOME = { hit: 0, cold: 1, evicted: 3 } as const;

function samplePhase(workers: number, options: SampleOptions): Phase {
  const { keys = 200, requests = 4000, maxEntries = 300, seed = 7 } = options;
  const random = randomNumbers(seed);
  const routing = randomNumbers(seed + 1000 * workers);
  const shares = zipfShares(keys, 0.8);
  const slots = Array.from({ length: workers }, (_, index) => index + 1);
  const caches = slots.map(() => new Map<number, true>());
  const known = slots.map(() => new Set<number>());
  const trace = {
    key: [] as number[],
    slot: [] as number[],
    outcome: [] as number[],
    avoidable: [] as number[],
  };
  const changes = {
    at: [] as number[],
    slot: [] as number[],
    key: [] as number[],
    held: [] as (0 | 1)[],
  };
  const change = (at: number, slot: number, key: number, held: 0 | 1) => {
    changes.at.push(at);
    changes.slot.push(slot);
    changes.key.push(key);
    changes.held.push(held);
  };
  const culls = slots.map(() => 0);
  const evictions = slots.map(() => 0);
  const asked = options.idleWorker && workers > 1 ? workers - 1 : workers;
  for (let request = 0; request < requests; request++) {
    if (request === options.restartAt && workers > 1) {
      for (const key of caches[0]!.keys()) change(request, 1, key, 0);
      caches[0]!.clear();
      known[0]!.clear();
    }
    const key = draw(shares, random());
    const at = Math.floor(routing() * asked);
    const cache = caches[at]!;
    const hit = cache.delete(key);
    trace.key.push(key);
    trace.slot.push(at + 1);
    trace.outcome.push(hit ? OUTCOME.hit : known[at]!.has(key) ? OUTCOME.evicted : OUTCOME.cold);
    trace.avoidable.push(!hit && caches.some((other) => other.has(key)) ? 1 : 0);
    if (!hit) {
      if (cache.size >= maxEntries) {
        culls[at]!++;
        for (const old of [...cache.keys()].slice(0, Math.floor(cache.size / 3))) {
          cache.delete(old);
          evictions[at]!++;
          change(request + 1, at + 1, old, 0);
        }
      }
      change(request + 1, at + 1, key, 1);
      known[at]!.add(key);
    }
    cache.set(key, true);
  }
  return sampleFigures({
    workers,
    requests,
    keys,
    shares,
    slots,
    caches,
    trace,
    changes,
    culls,
    evictions,
    options,
    random,
  });
}

interface Simulated {
  workers: number;
  requests: number;
  keys: number;
  shares: readonly number[];
  slots: readonly number[];
  caches: readonly Map<number, true>[];
  trace: { key: number[]; slot: number[]; outcome: number[]; avoidable: number[] };
  changes: { at: number[]; slot: number[]; key: number[]; held: (0 | 1)[] };
  culls: readonly number[];
  evictions: readonly number[];
  options: SampleOptions;
  random: () => number;
}

function sampleFigures(run: Simulated): Phase {
  const { requests, slots, caches, trace, changes, shares } = run;
  const { maxEntries = 300, restartAt } = run.options;
  // The occupancy formula knows neither evictions nor restarts.
  const isWarmUp = run.keys <= maxEntries && restartAt === undefined;
  const keys = Array.from({ length: run.keys }, (_, index) => `user:${index + 1}`);
  const count = (slot: number, outcome: number, from = 0, to = requests) => {
    let sum = 0;
    for (let i = from; i < to; i++)
      if (trace.slot[i] === slot && trace.outcome[i] === outcome) sum++;
    return sum;
  };
  const workers = slots.map((slot, index): WorkerFigures => {
    const hits = count(slot, OUTCOME.hit);
    const misses = {
      cold: count(slot, OUTCOME.cold),
      expired: 0,
      evicted: count(slot, OUTCOME.evicted),
    };
    const missed = misses.cold + misses.evicted;
    return {
      slot,
      pid: 4000 + slot,
      connections: hits + missed === 0 ? 0 : Math.ceil(16 / run.workers),
      requests: hits + missed,
      hits,
      misses,
      errors: 0,
      hitRate: hits + missed === 0 ? null : hits / (hits + missed),
      originQueries: missed,
      evictions: run.evictions[index]!,
      culls: run.culls[index]!,
      entries: caches[index]!.size,
      rssBytes: 70 * 2 ** 20 + slot * 2 ** 18,
      heapUsedBytes: 14 * 2 ** 20,
      hitLatency: sampleLatency(hits, 420, run.random),
      missLatency: sampleLatency(missed, 3100, run.random),
      expected: isWarmUp ? sampleExpectation(shares, hits + missed) : null,
    };
  });
  const hits = sum(workers.map((worker) => worker.hits));
  const misses = {
    cold: sum(workers.map((worker) => worker.misses.cold)),
    expired: 0,
    evicted: sum(workers.map((worker) => worker.misses.evicted)),
  };
  const missed = misses.cold + misses.evicted;
  const unique = new Set(caches.flatMap((cache) => [...cache.keys()])).size;
  const entries = sum(caches.map((cache) => cache.size));
  const expected = sum(
    workers.map((worker) => sum(shares.map((share) => 1 - (1 - share) ** worker.requests))),
  );
  const perBin = Math.max(1, Math.round(requests / 40));
  const starts = Array.from({ length: Math.ceil(requests / perBin) }, (_, bin) => bin * perBin);
  const binned = (slot: number, outcome: number) =>
    starts.map((start) => count(slot, outcome, start, Math.min(requests, start + perBin)));
  return {
    name: 'run',
    durationMillis: 1500,
    requestsPerSecond: requests / 1.5,
    workers,
    totals: {
      requests,
      failures: 0,
      hits,
      misses,
      errors: 0,
      hitRate: hits / (hits + missed),
      originQueries: missed,
      entries,
      uniqueEntries: unique,
      duplicationFactor: unique === 0 ? null : entries / unique,
    },
    bins: {
      requestsPerBin: perBin,
      workers: slots.map((slot) => {
        const [hit, cold, evicted] = [OUTCOME.hit, OUTCOME.cold, OUTCOME.evicted].map((outcome) =>
          binned(slot, outcome),
        ) as [number[], number[], number[]];
        return {
          slot,
          requests: starts.map((_, bin) => hit[bin]! + cold[bin]! + evicted[bin]!),
          hits: hit,
          cold,
          expired: starts.map(() => 0),
          evicted,
        };
      }),
    },
    expected: isWarmUp
      ? {
          misses: estimate(expected, 2 * Math.sqrt(expected)),
          hitRate: estimate(1 - expected / requests, (2 * Math.sqrt(expected)) / requests),
        }
      : null,
    audit: {
      clean: true,
      checks: workers.flatMap((worker) => [
        {
          name: 'requests',
          slot: worker.slot,
          seen: worker.requests,
          counted: worker.requests,
          holds: true,
        },
        { name: 'hits', slot: worker.slot, seen: worker.hits, counted: worker.hits, holds: true },
      ]),
    },
    replay: {
      responses: requests,
      identical: requests,
      firstDifference: null,
      avoidableMisses: sum(trace.avoidable),
      avoidableByWorker: slots.map((slot) => ({
        slot,
        misses: sum(trace.avoidable.filter((_, index) => trace.slot[index] === slot)),
      })),
      sharedCacheMisses: new Set(trace.key).size,
    },
    trace: run.options.short ? null : { keys, ...trace },
    residency: run.options.short
      ? null
      : {
          keys,
          slots: [...slots],
          changes,
          final: slots.map((slot, index) => ({
            slot,
            keys: [...caches[index]!.keys()].sort((a, b) => a - b),
          })),
        },
    events:
      run.options.restartAt !== undefined && run.workers > 1
        ? [{ atRequest: run.options.restartAt, atMillis: 700, slot: 1, label: 'restarted' }]
        : [],
  };
}

function sampleExpectation(shares: readonly number[], requests: number): Expectation | null {
  if (requests === 0) return null;
  const misses = sum(shares.map((share) => 1 - (1 - share) ** requests));
  const spread =
    2 *
    Math.sqrt(sum(shares.map((share) => (1 - (1 - share) ** requests) * (1 - share) ** requests)));
  return {
    misses: estimate(misses, spread),
    hitRate: estimate(1 - misses / requests, spread / requests),
  };
}

function estimate(value: number, spread: number) {
  return {
    value,
    low: value - spread,
    high: value + spread,
    interval: '95 % of runs',
    source: 'occupancy of the independent reference model',
  };
}

function sampleLatency(count: number, middle: number, random: () => number): Latency {
  const upToMicros = Array.from({ length: 60 }, (_, index) => Math.round(50 * 1.15 ** (index + 1)));
  const counts = upToMicros.map(() => 0);
  const values: number[] = [];
  for (let i = 0; i < count; i++) {
    const bell = (random() + random() + random() + random() - 2) * 0.9;
    const value = Math.min(middle * Math.exp(bell), upToMicros.at(-1)!);
    values.push(value);
    counts[upToMicros.findIndex((upTo) => value <= upTo)]!++;
  }
  values.sort((a, b) => a - b);
  const at = (share: number) => (count === 0 ? null : values[Math.ceil(share * count) - 1]!);
  return {
    count,
    p50Micros: at(0.5),
    p90Micros: at(0.9),
    p99Micros: at(0.99),
    maxMicros: at(1),
    upToMicros,
    counts,
  };
}

function zipfShares(keys: number, exponent: number): number[] {
  const weights = Array.from({ length: keys }, (_, index) => (index + 1) ** -exponent);
  const total = sum(weights);
  return weights.map((weight) => weight / total);
}

function draw(shares: readonly number[], target: number): number {
  let total = 0;
  const key = shares.findIndex((share) => {
    total += share;
    return total > target;
  });
  return key === -1 ? shares.length - 1 : key;
}

/** mulberry32: small, seeded, good enough to look at. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function percent(share: number | null): string {
  return `${((share ?? 0) * 100).toFixed(1)} %`;
}
