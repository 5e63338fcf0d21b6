import type { CacheLimits } from './cache-limits.ts';
import { createKeySampler } from './key-sampler.ts';
import { ModelCache } from './model-cache.ts';
import { HIT } from './outcomes.ts';

/** When one worker's cache was asked, in its own order: columns of equal length. */
export interface WorkerTimes {
  readonly slot: number;
  readonly atSeconds: Float64Array;
  /** From the lookup until what was loaded could be stored. */
  readonly loadSeconds: Float64Array;
  /** The lookups before this one belong to earlier phases: they fill the cache and do not count. */
  readonly firstCounted: number;
}

/** When the lookups of a phase came, as the workers' clocks had it. */
export interface LookupTimes {
  readonly workers: readonly WorkerTimes[];
  /** Whether a worker was asked again while it was still loading: both requests may miss. */
  readonly overlap: boolean;
}

/** The same for one worker alone. */
export function timesOfWorker(times: LookupTimes, slot: number): LookupTimes {
  return { ...times, workers: times.workers.filter((worker) => worker.slot === slot) };
}

/**
 * Misses of one repetition: every lookup comes when it really came, to the worker it really came
 * to, but asks for a key drawn anew. What is left to chance is the keys alone.
 */
export function redrawnMisses(
  times: LookupTimes,
  options: { shares: Float64Array; cache: CacheLimits; seed: number },
): number {
  const draw = createKeySampler(options.shares, options.seed);
  return times.workers.reduce(
    (misses, worker) =>
      misses + workerMisses(worker, times.overlap, new ModelCache(options.cache), draw),
    0,
  );
}

function workerMisses(
  { atSeconds, loadSeconds, firstCounted }: WorkerTimes,
  overlap: boolean,
  cache: ModelCache,
  draw: () => number,
): number {
  /** What is on its way from the origin, the next to arrive last. */
  const loading: { readonly key: number; readonly at: number }[] = [];
  let misses = 0;
  for (let i = 0; i < atSeconds.length; i++) {
    const now = atSeconds[i]!;
    for (let next = loading.at(-1); next && next.at <= now; next = loading.at(-1)) {
      cache.store(next.key, next.at);
      loading.pop();
    }
    const key = draw();
    if (cache.lookup(key, now) === HIT) continue;
    if (i >= firstCounted) misses++;
    const at = now + loadSeconds[i]!;
    // Without overlap the worker did nothing else meanwhile, whatever its clock's grain says.
    if (!overlap) cache.store(key, at);
    else loading.splice(1 + loading.findLastIndex((other) => other.at > at), 0, { key, at });
  }
  return misses;
}
