import type { Estimate } from '../../reports/record/schema.ts';
import { sum } from '../../reports/record/tally.ts';
import type { Popularity } from '../../reports/record/vocabulary.ts';
import type { CacheLimits } from './cache-limits.ts';
import { asHitRate, exactly, scatterOf, wholeNumberInterval } from './estimate.ts';
import { firstTouches } from './first-touches.ts';
import { createKeySampler, theorySeed } from './key-sampler.ts';
import { ModelCache } from './model-cache.ts';
import { HIT } from './outcomes.ts';
import { type LookupTimes, redrawnMisses } from './redraw.ts';

/** What a phase did, as far as theory needs to know it. */
export interface TrafficOptions {
  /** p_k: the probability that a request asks for key k (Σ = 1). */
  readonly shares: Float64Array;
  readonly popularity: Popularity;
  /** Lookups of each worker in this phase, as measured: connections never spread evenly. */
  readonly requestsPerWorker: readonly number[];
  /** Lookups of each worker in the same cache life before this phase; left out: none, all caches empty. */
  readonly requestsBefore?: readonly number[] | undefined;
  readonly cache: CacheLimits;
  /** How long the phase took; entries can only expire when this reaches the timeout. */
  readonly durationSeconds: number;
  /** How long the traffic before this phase took. */
  readonly secondsBefore?: number | undefined;
  /**
   * When the lookups really came. With it, traffic that can lose entries or whose loads overlap is
   * judged by what those very times and workers give with keys drawn anew.
   */
  readonly times?: LookupTimes | undefined;
  /** Whether connections overtake each other, so that keys do not come in the order drawn. Default: no. */
  readonly outOfOrder?: boolean | undefined;
  /** Which worker (index into `requestsPerWorker`) serves a key, where requests are routed by key. */
  readonly workerOfKey?: ((key: number) => number) | undefined;
  /** Seeds the simulated repetitions. */
  readonly seed: number;
}

/** What one run should show. Both intervals are of the same 95 % of runs. */
export interface ExpectedTraffic {
  /** Share of the lookups, 0…1. */
  readonly hitRate: Estimate;
  /** Misses of all workers together. */
  readonly misses: Estimate;
}

/**
 * What theory expects of a phase, given the requests that each worker really got. How the requests
 * were spread is random too, but it was measured, so the expectation is conditional on it. It
 * assumes the independent reference model: each request draws its key anew, whoever serves it.
 *
 * While nothing can be evicted or expire, misses are first touches and the occupancy problem gives
 * mean and variance exactly. Otherwise (Django's batch cull has no closed form) the same traffic is
 * simulated repeatedly on the exact model of the cache.
 *
 * Two lookups of one key in one worker that overlap while the first is still loading both miss:
 * that is counted only where the measured times are given.
 *
 * `null` when there is nothing to expect: without a lookup, and where a cycle of keys meets several
 * workers, or out of order a cache that loses entries. Those keys are not random: what becomes of them
 * depends on how the cycle falls in step with the routing and the connections.
 */
export function expectedTraffic(options: TrafficOptions): ExpectedTraffic | null {
  const active = options.requestsPerWorker.filter((requests) => requests > 0).length;
  if (active === 0) return null;
  const isScrambled = active > 1 || (options.outOfOrder && canLoseEntries(options));
  if (options.popularity === 'cyclic' && isScrambled) return null;
  const misses = expectedMisses(options);
  return { misses, hitRate: asHitRate(misses, sum(options.requestsPerWorker)) };
}

function expectedMisses(options: TrafficOptions): Estimate {
  const { times, popularity } = options;
  const isFirstTouches = !canLoseEntries(options);
  // A cycle cannot be drawn anew.
  if (times && popularity !== 'cyclic' && (times.overlap || !isFirstTouches)) {
    return redrawnEstimate(options, times);
  }
  return isFirstTouches ? newToEach(options) : simulatedMisses(options);
}

/** Whether any worker can fill its cache or see an entry grow old. */
function canLoseEntries(options: TrafficOptions): boolean {
  const { cache, requestsPerWorker, requestsBefore = [], workerOfKey } = options;
  const seconds = options.durationSeconds + (options.secondsBefore ?? 0);
  if (cache.timeoutSeconds !== null && seconds >= cache.timeoutSeconds) return true;
  return requestsPerWorker.some((requests, worker) => {
    const keys = workerOfKey
      ? options.shares.reduce((count, _, key) => count + Number(workerOfKey(key) === worker), 0)
      : options.shares.length;
    return Math.min(keys, requests + (requestsBefore[worker] ?? 0)) > cache.maxEntries;
  });
}

/** Σ over workers of the keys that a worker touches for the first time. */
function newToEach(options: TrafficOptions): Estimate {
  if (options.popularity === 'cyclic') return cyclicFirstTouches(options);
  const parts = options.requestsPerWorker.map((requests, worker) => ({
    shares: sharesOfWorker(options, worker),
    before: options.requestsBefore?.[worker] ?? 0,
    requests,
  }));
  const source = 'first touches: Σ over workers and keys of 1 − (1 − p)^R (occupancy problem)';
  return firstTouches(parts, source);
}

/** One worker and a cycle: the first round misses, the rest hits; nothing is random. */
function cyclicFirstTouches(options: TrafficOptions): Estimate {
  const before = sum(options.requestsBefore ?? []);
  const keys = options.shares.length;
  const after = before + sum(options.requestsPerWorker);
  const misses = Math.min(keys, after) - Math.min(keys, before);
  return exactly(misses, 'one worker asked for a cycle of keys: the first round misses');
}

/** Simulated requests that one expectation may cost; about half a second. */
const SIMULATION_BUDGET = 10_000_000;
const MOST_REPETITIONS = 400;
const FEWEST_REPETITIONS = 20;

/** How often so many requests can be simulated. */
function repetitionsFor(requests: number): number {
  const affordable = Math.floor(SIMULATION_BUDGET / requests);
  return Math.max(FEWEST_REPETITIONS, Math.min(MOST_REPETITIONS, affordable));
}

/** The same traffic on fresh caches again and again: mean, and mean ± the scatter of single runs. */
function simulatedMisses(options: TrafficOptions): Estimate {
  const repetitions = repetitionsFor(
    sum(options.requestsPerWorker) + sum(options.requestsBefore ?? []),
  );
  const runs = new Float64Array(repetitions);
  options.requestsPerWorker.forEach((_, worker) => {
    const draw = keysOfWorker(options, worker);
    for (let run = 0; run < repetitions; run++) runs[run]! += simulateWorker(options, worker, draw);
  });
  return scatter(runs, options, {
    repeated: 'simulated repetitions',
    source: 'simulation on an exact model of the cache, requests evenly spaced in time',
  });
}

/** The measured times and workers again and again, with other keys of the same popularity. */
function redrawnEstimate(options: TrafficOptions, times: LookupTimes): Estimate {
  const repetitions = repetitionsFor(sum(options.requestsPerWorker));
  const runs = Float64Array.from({ length: repetitions }, (_, run) =>
    redrawnMisses(times, { ...options, seed: theorySeed(options.seed) + run }),
  );
  return scatter(runs, options, {
    repeated: 'repetitions with other keys',
    source: 'exact model of the cache, lookups at the measured times and workers, keys drawn anew',
  });
}

/** Mean of the runs, and the interval in which another run should fall. */
function scatter(
  runs: Float64Array,
  options: TrafficOptions,
  { repeated, source }: { repeated: string; source: string },
): Estimate {
  const { mean, deviation } = scatterOf(runs);
  return {
    value: mean,
    ...wholeNumberInterval(mean, deviation, sum(options.requestsPerWorker)),
    interval: { kind: 'chance', share: 0.95, how: `${runs.length} ${repeated}`, step: 1 },
    source,
    by: 'model',
  };
}

/** Misses of one worker's phase, after the traffic before it, requests evenly spaced in time. */
function simulateWorker(options: TrafficOptions, worker: number, draw: () => number): number {
  const cache = new ModelCache(options.cache);
  const before = options.requestsBefore?.[worker] ?? 0;
  const secondsBefore = options.secondsBefore ?? 0;
  for (let i = 0; i < before; i++) cache.request(draw(), (i / before) * secondsBefore);
  const requests = options.requestsPerWorker[worker]!;
  const step = options.durationSeconds / requests;
  let misses = 0;
  for (let i = 0; i < requests; i++) {
    if (cache.request(draw(), secondsBefore + i * step) !== HIT) misses++;
  }
  return misses;
}

function keysOfWorker(options: TrafficOptions, worker: number): () => number {
  if (options.popularity === 'cyclic') {
    let next = 0;
    return () => next++ % options.shares.length;
  }
  return createKeySampler(sharesOfWorker(options, worker), theorySeed(options.seed) + worker);
}

/** p_k as this worker sees it: all keys, or its own ones alone when requests are routed by key. */
function sharesOfWorker({ shares, workerOfKey }: TrafficOptions, worker: number): Float64Array {
  if (!workerOfKey) return shares;
  const own = shares.map((share, key) => (workerOfKey(key) === worker ? share : 0));
  const total = sum(own);
  return total === 0 ? own : own.map((share) => share / total);
}
