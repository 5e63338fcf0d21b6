import type { Ledger } from '../../lab/traffic/ledger.ts';
import { createKeySampler } from './key-sampler.ts';
import { type CacheLimits, ModelCache } from './model-cache.ts';
import { HIT, isMiss, READ } from './outcomes.ts';

/** When one worker's cache was asked, in its own order: columns of equal length. */
interface WorkerTimes {
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

/** A lookup in one of several ledgers. */
interface Place {
  readonly ledger: Ledger;
  readonly row: number;
}

/**
 * Takes the times of all reads from the ledgers of an arm's phases, the last of which is the one
 * that counts. What a hit's load would have taken is the worker's median.
 */
export function lookupTimes(ledgers: readonly Ledger[]): LookupTimes {
  const placesOf = new Map<number, Place[]>();
  let overlap = false;
  for (const ledger of ledgers) {
    for (let row = 0; row < ledger.length; row++) {
      if (ledger.operation[row] !== READ || ledger.sequence[row] === 0) continue;
      const places = placesOf.get(ledger.slot[row]!);
      if (places) places.push({ ledger, row });
      else placesOf.set(ledger.slot[row]!, [{ ledger, row }]);
      const stored = ledger.storedSequence[row]!;
      if (stored !== 0 && stored !== ledger.sequence[row]! + 1) overlap = true;
    }
  }
  const counted = ledgers.at(-1);
  return {
    workers: [...placesOf].map(([slot, places]) => ({ slot, ...workerTimes(places, counted) })),
    overlap,
  };
}

/** The same for one worker alone. */
export function timesOfWorker(times: LookupTimes, slot: number): LookupTimes {
  return { ...times, workers: times.workers.filter((worker) => worker.slot === slot) };
}

function workerTimes(places: Place[], counted: Ledger | undefined): Omit<WorkerTimes, 'slot'> {
  places.sort((a, b) => a.ledger.sequence[a.row]! - b.ledger.sequence[b.row]!);
  const loads = places.map(({ ledger, row }) =>
    isMiss(ledger.outcome[row]!) && ledger.storedSequence[row] !== 0
      ? ledger.storedAtSeconds[row]! - ledger.atSeconds[row]!
      : null,
  );
  const known = loads.filter((load) => load !== null).sort((a, b) => a - b);
  const usual = known[Math.floor(known.length / 2)] ?? 0;
  return {
    atSeconds: Float64Array.from(places, ({ ledger, row }) => ledger.atSeconds[row]!),
    loadSeconds: Float64Array.from(loads, (load) => load ?? usual),
    firstCounted: places.filter(({ ledger }) => ledger !== counted).length,
  };
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
  const loading = new LoadingKeys(cache);
  let misses = 0;
  for (let i = 0; i < atSeconds.length; i++) {
    const now = atSeconds[i]!;
    if (overlap) loading.storeUntil(now);
    const key = draw();
    if (cache.lookup(key, now) === HIT) continue;
    if (i >= firstCounted) misses++;
    const stored = now + loadSeconds[i]!;
    // Without overlap the worker did nothing else meanwhile, whatever its clock's grain says.
    if (overlap) loading.add(key, stored);
    else cache.store(key, stored);
  }
  return misses;
}

/** What is on its way from the origin, the next to arrive last. */
class LoadingKeys {
  readonly #cache: ModelCache;
  readonly #arrivals: { key: number; at: number }[] = [];

  constructor(cache: ModelCache) {
    this.#cache = cache;
  }

  add(key: number, at: number): void {
    let place = this.#arrivals.length;
    while (place > 0 && this.#arrivals[place - 1]!.at <= at) place--;
    this.#arrivals.splice(place, 0, { key, at });
  }

  storeUntil(now: number): void {
    for (let next = this.#arrivals.at(-1); next && next.at <= now; next = this.#arrivals.at(-1)) {
      this.#cache.store(next.key, next.at);
      this.#arrivals.pop();
    }
  }
}
