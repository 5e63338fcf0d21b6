import { mersenne } from 'pure-rand/generator/mersenne';
import { MixedIndex } from '../../scenarios/theory/key-index.ts';
import { KEY_GROUPS, RecencyStack } from '../../scenarios/theory/recency-stack.ts';
import type { SimulationOptions } from './simulation-options.ts';
import type { TraceBatch } from './trace/trace-batch.ts';
import { traceRouter } from './trace-routing.ts';
import { WorkerLife } from './worker-life.ts';

/** Cells for keys that the caches of one stream may have together: 4 MiB, so that a processor's caches hold them. */
const CELLS = 2 ** 20;

/** Which caches: how many, in which sizes, and whether one cache is a service that outlives workers. */
interface CachesOptions extends SimulationOptions {
  readonly caches: number;
  readonly sizes: readonly number[];
  readonly outlive: boolean;
}

/** The caches of so many workers, each of them in all sizes at once. */
export class WorkerCaches {
  readonly #sizes: readonly number[];
  readonly #stacks: RecencyStack[];
  /** Of the workers that have the caches; none where caches are never lost. */
  readonly #lives: WorkerLife[];
  readonly #route: (batch: TraceBatch) => Uint32Array;

  constructor(options: CachesOptions) {
    const { sample, limits, hashOf, caches, sizes, replacement, seed } = options;
    const random = mersenne(seed + 1);
    this.#sizes = sizes;
    this.#route = traceRouter(options, caches);
    this.#lives =
      replacement === undefined || options.outlive
        ? []
        : Array.from({ length: caches }, () => new WorkerLife(replacement, random));
    this.#stacks = Array.from(
      { length: caches },
      () =>
        new RecencyStack({
          sizes: sizes.map((maxEntries) => sampledCapacity(maxEntries, sample)),
          limits,
          index: new MixedIndex(CELLS / caches),
          countsStale: options.hasWrites,
          groupOf: sample === 1 ? undefined : (key) => hashOf(key) % KEY_GROUPS,
        }),
    );
  }

  run(batch: TraceBatch): void {
    const workerOf = this.#route(batch);
    if (batch.write) this.#runInOrder(batch, workerOf);
    else if (this.#stacks.length === 1) this.#runOne(0, batch, 0, batch.keys.length);
    else this.#runApart(batch, workerOf);
  }

  /** A write is known to the worker that gets it, and to no other. */
  #runInOrder(batch: TraceBatch, workerOf: Uint32Array): void {
    const { keys, write } = batch;
    for (let i = 0; i < keys.length; i++) {
      const worker = workerOf[i]!;
      if (write![i] === 0) this.#runOne(worker, batch, i, i + 1);
      else {
        for (const [other, stack] of this.#stacks.entries()) {
          if (other === worker) stack.delete(keys[i]!);
          else stack.overtake(keys[i]!);
        }
      }
    }
  }

  /** Without writes the caches know nothing of each other: each gets its requests at one go. */
  #runApart({ keys, seconds }: TraceBatch, workerOf: Uint32Array): void {
    const ends = new Uint32Array(this.#stacks.length + 1);
    for (const worker of workerOf) ends[worker + 1]!++;
    for (let worker = 1; worker < ends.length; worker++) ends[worker]! += ends[worker - 1]!;
    const sorted = {
      keys: new Uint32Array(keys.length),
      seconds: new Float64Array(keys.length),
    };
    for (let i = 0; i < keys.length; i++) {
      const place = ends[workerOf[i]!]!++;
      sorted.keys[place] = keys[i]!;
      sorted.seconds[place] = seconds[i]!;
    }
    let from = 0;
    for (let worker = 0; worker < this.#stacks.length; worker++) {
      const to = ends[worker]!;
      if (to > from) this.#runOne(worker, sorted, from, to);
      from = to;
    }
  }

  /** Requests to one worker, whose cache is lost when it is replaced. */
  #runOne(worker: number, { keys, seconds }: TraceBatch, from: number, to: number): void {
    const stack = this.#stacks[worker]!;
    const life = this.#lives[worker];
    if (!life) {
      stack.requestAll(keys, seconds, from, to);
      return;
    }
    for (let at = from; at < to; ) {
      if (life.isReplaced(seconds[at]!)) stack.clear();
      const end = life.serve(seconds, at, to);
      stack.requestAll(keys, seconds, at, end);
      at = end;
    }
  }

  /** Of all caches together, at one of the sizes. */
  at(maxEntries: number) {
    const size = this.#sizes.indexOf(maxEntries);
    const byGroup = new Float64Array(KEY_GROUPS);
    let [misses, staleHits] = [0, 0];
    for (const stack of this.#stacks) {
      misses += stack.misses[size]!;
      staleHits += stack.staleHits[size]!;
      for (let group = 0; group < stack.missesByGroup.length / this.#sizes.length; group++) {
        byGroup[group]! += stack.missesByGroup[size * KEY_GROUPS + group]!;
      }
    }
    return { misses, staleHits, byGroup };
  }
}

/** Capacities of a cache that is a sample's: at least one entry. */
export function sampledCapacity(maxEntries: number, sample: number): number {
  return Math.max(1, Math.round(maxEntries * sample));
}
