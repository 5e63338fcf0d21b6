import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { CacheLimits } from '../../scenarios/theory/cache-limits.ts';
import { SparseIndex } from '../../scenarios/theory/key-index.ts';
import { ModelCache } from '../../scenarios/theory/model-cache.ts';
import type { TraceBatch } from './trace/trace-reader.ts';

/** How the requests of a trace find a worker. */
export const TRACE_ROUTINGS = ['random', 'round-robin', 'by-key'] as const;
export type TraceRouting = (typeof TRACE_ROUTINGS)[number];

/** Where entries are kept: each worker's own memory, or one cache that all share. */
export const SIMULATED_BACKENDS = ['locmem', 'shared'] as const;
export type SimulatedBackend = (typeof SIMULATED_BACKENDS)[number];

export interface SimulationOptions {
  /** Numbers of workers to simulate side by side. */
  readonly workers: readonly number[];
  readonly routing: TraceRouting;
  readonly backends: readonly SimulatedBackend[];
  readonly limits: CacheLimits;
  /** Other sizes of a worker's cache, for the curve of hit rate against memory. */
  readonly capacities: readonly number[];
  /** The part of the keys that the simulation is given (0…1]; caches shrink with it. */
  readonly sample: number;
  readonly seed: number;
  /** A uniform 32-bit number that belongs to a key. */
  readonly hashOf: (key: number) => number;
}

/** What came of one arrangement of caches. */
export interface SimulatedFleet {
  readonly workers: number;
  /** Entries of each cache; of the one cache where it is shared. */
  readonly maxEntries: number;
  readonly shared: boolean;
  /** Of the whole trace; scaled up from the sample where there is one. */
  readonly misses: number;
  /** Standard error of `misses` by which keys are in the sample; 0 without one. */
  readonly standardError: number;
}

/**
 * Runs a trace through the exact model of many fleets at once: for each number of workers separate
 * caches of every capacity, and one shared cache as large as all of theirs.
 *
 * A sample of keys stands for all of them (SHARDS: Waldspurger, Park, Garthwaite and Ahmad,
 * "Efficient MRC Construction with SHARDS", FAST '15): with the part r of the keys in caches of r
 * times the size, each miss stands for 1/r of the trace's. Counting misses, not hits, is their
 * correction for very popular keys that happen to be in or out of the sample.
 */
export class TraceSimulation {
  readonly #options: SimulationOptions;
  readonly #groups: FleetGroup[];

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#groups = options.workers.map((workers) => new FleetGroup(options, workers));
  }

  run(batch: TraceBatch): void {
    for (const group of this.#groups) group.run(batch);
  }

  /** By number of workers, then separate caches by capacity, then the shared one. */
  results(): SimulatedFleet[] {
    const { sample } = this.#options;
    return this.#groups.flatMap(({ workers, fleets }) =>
      fleets.map(({ maxEntries, shared, misses, missesByGroup }) => ({
        workers,
        maxEntries,
        shared,
        misses: Math.round(misses / sample),
        standardError: sample === 1 ? 0 : spread(missesByGroup) / sample,
      })),
    );
  }
}

/** Capacities of a cache that is a sample's: at least one entry. */
export function sampledCapacity(maxEntries: number, sample: number): number {
  return Math.max(1, Math.round(maxEntries * sample));
}

/** Beyond so many workers a curve over capacities would cost more than it tells. */
const MOST_WORKERS_WITH_CURVE = 64;

/** All fleets of so many workers; they see the same requests at the same workers. */
class FleetGroup {
  readonly workers: number;
  readonly fleets: Fleet[];
  readonly #options: SimulationOptions;
  readonly #route: (batch: TraceBatch) => Uint32Array[];

  constructor(options: SimulationOptions, workers: number) {
    this.workers = workers;
    this.#options = options;
    const { limits, capacities, sample, backends } = options;
    const others = workers > MOST_WORKERS_WITH_CURVE ? [] : capacities;
    const sizes = [...new Set([limits.maxEntries, ...others])].sort((a, b) => a - b);
    const separate = sizes.map((maxEntries) => new Fleet(limits, { workers, maxEntries, sample }));
    const maxEntries = limits.maxEntries * workers;
    const shared = new Fleet(limits, { workers: 1, maxEntries, sample }, true);
    this.fleets = [
      ...(backends.includes('locmem') ? separate : []),
      ...(backends.includes('shared') ? [shared] : []),
    ];
    this.#route = routes(options, workers);
  }

  run(batch: TraceBatch): void {
    const requests = this.#route(batch);
    const { sample, hashOf } = this.#options;
    for (const fleet of this.fleets) {
      const missed = sample === 1 ? undefined : new Uint8Array(batch.keys.length);
      fleet.run(batch, fleet.shared ? null : requests, missed);
      if (missed) fleet.tell(batch.keys, missed, hashOf);
    }
  }
}

/** Keys fall into so many groups, whose misses tell how far a sample of keys can be trusted. */
const ERROR_GROUPS = 32;

/** Separate caches, one per worker, or one shared cache. */
class Fleet {
  readonly maxEntries: number;
  readonly shared: boolean;
  misses = 0;
  readonly missesByGroup = new Float64Array(ERROR_GROUPS);
  readonly #caches: ModelCache[];

  constructor(
    limits: CacheLimits,
    size: { workers: number; maxEntries: number; sample: number },
    shared = false,
  ) {
    this.maxEntries = size.maxEntries;
    this.shared = shared;
    const scaled = { ...limits, maxEntries: sampledCapacity(size.maxEntries, size.sample) };
    this.#caches = Array.from(
      { length: size.workers },
      () => new ModelCache(scaled, { index: new SparseIndex(), remembered: 0 }),
    );
  }

  /** `requests`: for each worker the places in the batch that are its own; `null`: all are one cache's. */
  run(batch: TraceBatch, requests: readonly Uint32Array[] | null, missed?: Uint8Array): void {
    if (requests === null || this.#caches.length === 1) {
      this.misses += this.#caches[0]!.requestAll(batch.keys, batch.seconds, missed);
      return;
    }
    const { keys, seconds } = batch;
    for (let worker = 0; worker < requests.length; worker++) {
      const cache = this.#caches[worker]!;
      for (const place of requests[worker]!) {
        if (cache.request(keys[place]!, seconds[place]!) === 0) continue;
        this.misses++;
        if (missed) missed[place] = 1;
      }
    }
  }

  /** Counts misses by groups of keys. */
  tell(keys: Uint32Array, missed: Uint8Array, hashOf: (key: number) => number): void {
    for (let i = 0; i < keys.length; i++) {
      if (missed[i] === 1) this.missesByGroup[hashOf(keys[i]!) % ERROR_GROUPS]!++;
    }
  }
}

/** Divides a batch among workers: the places in it that each of them gets, in order. */
function routes(options: SimulationOptions, workers: number): (batch: TraceBatch) => Uint32Array[] {
  const next = router(options, workers);
  let workerOf = new Uint32Array(0);
  return ({ keys }) => {
    if (workers === 1) return [];
    if (workerOf.length < keys.length) workerOf = new Uint32Array(keys.length);
    const counts = new Uint32Array(workers);
    for (let i = 0; i < keys.length; i++) {
      const worker = next(keys[i]!);
      workerOf[i] = worker;
      counts[worker]!++;
    }
    const places = new Uint32Array(keys.length);
    const begins = new Uint32Array(workers + 1);
    for (let worker = 0; worker < workers; worker++) {
      begins[worker + 1] = begins[worker]! + counts[worker]!;
    }
    const filled = begins.slice();
    for (let i = 0; i < keys.length; i++) places[filled[workerOf[i]!]!++] = i;
    return Array.from(counts, (_, worker) => places.subarray(begins[worker], begins[worker + 1]));
  };
}

function router({ routing, seed, hashOf }: SimulationOptions, workers: number) {
  if (routing === 'by-key') return (key: number) => hashOf(key) % workers;
  if (routing === 'round-robin') {
    let turn = 0;
    return () => turn++ % workers;
  }
  const random = xoroshiro128plus(seed);
  return () => Math.floor(((random.next() >>> 0) / 2 ** 32) * workers);
}

/** Standard error of a sum over groups of keys that might as well have been others. */
function spread(sums: Float64Array): number {
  const mean = sums.reduce((a, b) => a + b, 0) / sums.length;
  const squares = sums.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt((sums.length / (sums.length - 1)) * squares);
}
