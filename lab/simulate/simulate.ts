import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { CacheLimits } from '../../scenarios/theory/cache-limits.ts';
import { MixedIndex } from '../../scenarios/theory/key-index.ts';
import { KEY_GROUPS, RecencyStack } from '../../scenarios/theory/recency-stack.ts';
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
 * Runs a trace through exact models of many fleets at once: for each number of workers separate
 * caches of every capacity, and one shared cache as large as all of theirs. Each request is seen once
 * by one {@link RecencyStack} for each number of workers, whatever the number of capacities.
 *
 * A sample of keys stands for all of them (SHARDS: Waldspurger, Park, Garthwaite and Ahmad,
 * "Efficient MRC Construction with SHARDS", FAST '15): with the part r of the keys in caches of r
 * times the size, each miss stands for 1/r of the trace's. Counting misses, not hits, is their
 * correction for very popular keys that happen to be in or out of the sample.
 */
export class TraceSimulation {
  readonly #options: SimulationOptions;
  readonly #fleets: Size[];
  /** By how many caches they have. */
  readonly #streams: Map<number, Stream>;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#fleets = options.workers.flatMap((workers) => sizesOf(options, workers));
    const byCaches = Map.groupBy(this.#fleets, cachesOf);
    this.#streams = new Map(
      [...byCaches].map(([caches, fleets]) => [
        caches,
        new Stream(options, caches, [...new Set(fleets.map(({ maxEntries }) => maxEntries))]),
      ]),
    );
  }

  run(batch: TraceBatch): void {
    for (const stream of this.#streams.values()) stream.run(batch);
  }

  /** By number of workers, then separate caches by capacity, then the shared one. */
  results(): SimulatedFleet[] {
    const { sample } = this.#options;
    return this.#fleets.map((fleet) => {
      const { misses, byGroup } = this.#streams.get(cachesOf(fleet))!.missesWith(fleet.maxEntries);
      const standardError = sample === 1 ? 0 : spread(byGroup) / sample;
      return { ...fleet, misses: Math.round(misses / sample), standardError };
    });
  }
}

type Size = Pick<SimulatedFleet, 'workers' | 'maxEntries' | 'shared'>;

/** A shared cache is one, whoever shares it. */
const cachesOf = ({ workers, shared }: Size) => (shared ? 1 : workers);

/** Capacities of a cache that is a sample's: at least one entry. */
export function sampledCapacity(maxEntries: number, sample: number): number {
  return Math.max(1, Math.round(maxEntries * sample));
}

/** Beyond so many workers a curve over capacities would cost more than it tells. */
const MOST_WORKERS_WITH_CURVE = 64;

/** Separate caches of every capacity, and the shared one; of these the ones that were asked for. */
function sizesOf({ limits, capacities, backends }: SimulationOptions, workers: number): Size[] {
  const others = workers > MOST_WORKERS_WITH_CURVE ? [] : capacities;
  const sizes = [...new Set([limits.maxEntries, ...others])].sort((a, b) => a - b);
  const separate = sizes.map((maxEntries) => ({ workers, maxEntries, shared: false }));
  const shared = { workers, maxEntries: limits.maxEntries * workers, shared: true };
  return [
    ...(backends.includes('locmem') ? separate : []),
    ...(backends.includes('shared') ? [shared] : []),
  ];
}

/** Cells for keys that the caches of one stream may have together: 4 MiB, so that a processor's caches hold them. */
const CELLS = 2 ** 20;

/** The requests as so many caches see them, each of them in all sizes at once. */
class Stream {
  readonly #sizes: readonly number[];
  readonly #stacks: RecencyStack[];
  readonly #route: (keys: Uint32Array) => Uint32Array;

  constructor(options: SimulationOptions, caches: number, sizes: readonly number[]) {
    const { sample, limits, hashOf } = options;
    this.#sizes = sizes;
    this.#route = router(options, caches);
    this.#stacks = Array.from(
      { length: caches },
      () =>
        new RecencyStack({
          sizes: sizes.map((maxEntries) => sampledCapacity(maxEntries, sample)),
          limits,
          index: new MixedIndex(CELLS / caches),
          groupOf: sample === 1 ? undefined : (key) => hashOf(key) % KEY_GROUPS,
        }),
    );
  }

  run(batch: TraceBatch): void {
    if (this.#stacks.length === 1) this.#stacks[0]!.requestAll(batch.keys, batch.seconds);
    else this.#runApart(batch, this.#route(batch.keys));
  }

  /** The caches know nothing of each other: each gets its requests at one go. `workerOf`: from 0. */
  #runApart({ keys, seconds }: TraceBatch, workerOf: Uint32Array): void {
    const ends = new Uint32Array(this.#stacks.length + 1);
    for (const worker of workerOf) ends[worker + 1]!++;
    for (let worker = 1; worker < ends.length; worker++) ends[worker]! += ends[worker - 1]!;
    const sortedKeys = new Uint32Array(keys.length);
    const sortedSeconds = new Float64Array(keys.length);
    for (let i = 0; i < keys.length; i++) {
      const place = ends[workerOf[i]!]!++;
      sortedKeys[place] = keys[i]!;
      sortedSeconds[place] = seconds[i]!;
    }
    let from = 0;
    for (const [worker, stack] of this.#stacks.entries()) {
      const to = ends[worker]!;
      if (to > from) stack.requestAll(sortedKeys, sortedSeconds, from, to);
      from = to;
    }
  }

  /** Of all caches together, at one of the sizes. */
  missesWith(maxEntries: number): { misses: number; byGroup: Float64Array } {
    const size = this.#sizes.indexOf(maxEntries);
    const byGroup = new Float64Array(KEY_GROUPS);
    let misses = 0;
    for (const stack of this.#stacks) {
      misses += stack.misses[size]!;
      for (let group = 0; group < stack.missesByGroup.length / this.#sizes.length; group++) {
        byGroup[group]! += stack.missesByGroup[size * KEY_GROUPS + group]!;
      }
    }
    return { misses, byGroup };
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
