import type { SimulationOptions } from './simulation-options.ts';
import type { TraceBatch } from './trace/trace-batch.ts';
import { WorkerCaches } from './worker-caches.ts';

/** What came of one arrangement of caches. */
export interface SimulatedFleet {
  readonly workers: number;
  /** Entries of each cache; of the one cache where it is shared. */
  readonly maxEntries: number;
  readonly shared: boolean;
  /** Of the whole trace; scaled up from the sample where there is one. */
  readonly misses: number;
  /** Hits that a write had overtaken; scaled up like misses. */
  readonly staleReads: number;
  /** Standard error of `misses` by which keys are in the sample; 0 without one. */
  readonly standardError: number;
}

/**
 * Runs a trace through exact models of many fleets at once: for each number of workers separate
 * caches of every capacity, and one shared cache as large as all of theirs. Each request is seen once
 * by one RecencyStack for each number of workers, whatever the number of capacities.
 *
 * A sample of keys stands for all of them (SHARDS: Waldspurger, Park, Garthwaite and Ahmad,
 * "Efficient MRC Construction with SHARDS", FAST '15): with the part r of the keys in caches of r
 * times the size, each miss stands for 1/r of the trace's. Counting misses, not hits, is their
 * correction for very popular keys that happen to be in or out of the sample.
 */
export class TraceSimulation {
  readonly #options: SimulationOptions;
  readonly #fleets: Size[];
  /** By how many caches they have, and whether these outlive the workers. */
  readonly #caches: Map<string, WorkerCaches>;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#fleets = options.workers.flatMap((workers) => sizesOf(options, workers));
    const alike = Map.groupBy(this.#fleets, (fleet) => this.#nameOf(fleet));
    this.#caches = new Map(
      [...alike].map(([name, fleets]) => {
        const { workers, shared } = fleets[0]!;
        const sizes = [...new Set(fleets.map(({ maxEntries }) => maxEntries))];
        const caches = shared ? 1 : workers;
        return [name, new WorkerCaches({ ...options, caches, sizes, outlive: shared })];
      }),
    );
  }

  run(batch: TraceBatch): void {
    for (const caches of this.#caches.values()) caches.run(batch);
  }

  /** By number of workers, then separate caches by capacity, then the shared one. */
  results(): SimulatedFleet[] {
    const { sample } = this.#options;
    return this.#fleets.map((fleet) => {
      const caches = this.#caches.get(this.#nameOf(fleet))!;
      const { misses, staleHits, byGroup } = caches.at(fleet.maxEntries);
      return {
        ...fleet,
        misses: Math.round(misses / sample),
        staleReads: Math.round(staleHits / sample),
        standardError: sample === 1 ? 0 : spread(byGroup) / sample,
      };
    });
  }

  /** One worker and one shared cache are alike, unless the worker is replaced. */
  #nameOf({ workers, shared }: Size): string {
    if (!shared) return `${workers}`;
    return this.#options.replacement === undefined ? '1' : 'shared';
  }
}

type Size = Pick<SimulatedFleet, 'workers' | 'maxEntries' | 'shared'>;

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

/** Standard error of a sum over groups of keys that might as well have been others. */
function spread(sums: Float64Array): number {
  const mean = sums.reduce((a, b) => a + b, 0) / sums.length;
  const squares = sums.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt((sums.length / (sums.length - 1)) * squares);
}
