import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { CacheLimits } from '../../scenarios/theory/cache-limits.ts';
import { SparseIndex } from '../../scenarios/theory/key-index.ts';
import { ModelCache } from '../../scenarios/theory/model-cache.ts';
import { HIT } from '../../scenarios/theory/outcomes.ts';
import type { TraceBatch } from './trace/trace-batch.ts';

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
  /** Fleets of so many workers, which see the same requests at the same workers. */
  readonly #groups: { route: (keys: Uint32Array) => Uint32Array; fleets: Fleet[] }[];

  constructor(options: SimulationOptions) {
    this.#groups = options.workers.map((workers) => ({
      route: router(options, workers),
      fleets: fleetsOf(options, workers),
    }));
  }

  run(batch: TraceBatch): void {
    for (const { route, fleets } of this.#groups) {
      const workerOf = route(batch.keys);
      for (const fleet of fleets) fleet.run(batch, workerOf);
    }
  }

  /** By number of workers, then separate caches by capacity, then the shared one. */
  results(): SimulatedFleet[] {
    return this.#groups.flatMap(({ fleets }) => fleets.map((fleet) => fleet.result()));
  }
}

/** Capacities of a cache that is a sample's: at least one entry. */
export function sampledCapacity(maxEntries: number, sample: number): number {
  return Math.max(1, Math.round(maxEntries * sample));
}

/** Beyond so many workers a curve over capacities would cost more than it tells. */
const MOST_WORKERS_WITH_CURVE = 64;

/** Separate caches of every capacity, and the shared one; of these the ones that were asked for. */
function fleetsOf(options: SimulationOptions, workers: number): Fleet[] {
  const { limits, capacities, backends } = options;
  const others = workers > MOST_WORKERS_WITH_CURVE ? [] : capacities;
  const sizes = [...new Set([limits.maxEntries, ...others])].sort((a, b) => a - b);
  const separate = sizes.map((maxEntries) => ({ workers, maxEntries, shared: false }));
  const shared = { workers, maxEntries: limits.maxEntries * workers, shared: true };
  return [
    ...(backends.includes('locmem') ? separate : []),
    ...(backends.includes('shared') ? [shared] : []),
  ].map((size) => new Fleet(options, size));
}

/** Keys fall into so many groups, whose misses tell how far a sample of keys can be trusted. */
const ERROR_GROUPS = 32;

type Size = Pick<SimulatedFleet, 'workers' | 'maxEntries' | 'shared'>;

/** Separate caches, one per worker, or one shared cache. */
class Fleet {
  readonly #options: SimulationOptions;
  readonly #size: Size;
  readonly #caches: ModelCache[];
  #misses = 0;
  readonly #missesByGroup = new Float64Array(ERROR_GROUPS);

  constructor(options: SimulationOptions, size: Size) {
    this.#options = options;
    this.#size = size;
    const maxEntries = sampledCapacity(size.maxEntries, options.sample);
    const limits = { ...options.limits, maxEntries };
    this.#caches = Array.from(
      { length: size.shared ? 1 : size.workers },
      () => new ModelCache(limits, { index: new SparseIndex(), remembered: 0 }),
    );
  }

  /** `workerOf`: for each request of the batch its worker, from 0. */
  run({ keys, seconds }: TraceBatch, workerOf: Uint32Array): void {
    const { sample, hashOf } = this.#options;
    const caches = this.#caches;
    const missed = sample === 1 ? undefined : new Uint8Array(keys.length);
    if (caches.length === 1) this.#misses += caches[0]!.requestAll(keys, seconds, missed);
    else {
      for (let i = 0; i < keys.length; i++) {
        if (caches[workerOf[i]!]!.request(keys[i]!, seconds[i]!) === HIT) continue;
        this.#misses++;
        if (missed) missed[i] = 1;
      }
    }
    if (!missed) return;
    for (let i = 0; i < keys.length; i++) {
      if (missed[i] === 1) this.#missesByGroup[hashOf(keys[i]!) % ERROR_GROUPS]!++;
    }
  }

  result(): SimulatedFleet {
    const { sample } = this.#options;
    const misses = Math.round(this.#misses / sample);
    const standardError = spread(this.#missesByGroup) / sample;
    return { ...this.#size, misses, standardError };
  }
}

/** Chooses a worker for each key of a batch. */
function router(options: SimulationOptions, workers: number): (keys: Uint32Array) => Uint32Array {
  const next = chooser(options, workers);
  return (keys) => {
    const workerOf = new Uint32Array(keys.length);
    for (let i = 0; i < keys.length; i++) workerOf[i] = next(keys[i]!);
    return workerOf;
  };
}

function chooser({ routing, seed, hashOf }: SimulationOptions, workers: number) {
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
