import type { CacheLimits } from './cache-limits.ts';
import { staysOf } from './characteristic-time.ts';
import type { ShareGroups } from './share-groups.ts';
import { type Fates, fromColdStart, steadyState } from './steady-state.ts';

/** A fleet whose traffic is known. */
interface ForecastOptions {
  readonly groups: ShareGroups;
  /** Of the whole fleet. */
  readonly requestsPerSecond: number;
  readonly limits: CacheLimits;
  /** The part of the requests that each worker gets (Σ = 1), e.g. as measured; {@link evenShares}. */
  readonly workerShares: readonly number[];
  /** How long the start from empty caches is followed. */
  readonly startSeconds: number;
}

/** What a fleet of workers with caches of their own does. */
export interface FleetForecast {
  readonly workers: number;
  /** Shares of all requests, once settled. */
  readonly steady: Fates;
  /** Misses per second, once settled: what the origin is asked. */
  readonly originQueriesPerSecond: number;
  /** Numbers of requests from an empty start, over `startSeconds`. */
  readonly start: Fates;
  /** Entries held by all workers together, once settled. */
  readonly entries: number;
  /** entries / distinct entries: 1 (no overlap) … N. */
  readonly duplicationFactor: number;
}

/** The same part of the requests for each of so many workers. */
export function evenShares(workers: number): number[] {
  return new Array<number>(workers).fill(1 / workers);
}

/**
 * Carries the formulas for one worker to a fleet whose requests are spread at random. Workers that
 * get equal shares are computed once, so 10,000 of them cost no more than one.
 */
export function forecastFleet(options: ForecastOptions): FleetForecast {
  const { groups, limits, requestsPerSecond, workerShares, startSeconds } = options;
  const steady = { hits: 0, cold: 0, expired: 0, evicted: 0 };
  const start = { hits: 0, cold: 0, expired: 0, evicted: 0 };
  for (const [share, alike] of Map.groupBy(workerShares, (share) => share)) {
    if (share === 0) continue;
    const worker = { groups, limits, requestsPerSecond: requestsPerSecond * share };
    addTo(steady, steadyState(worker), share * alike.length);
    addTo(start, fromColdStart(worker, startSeconds), alike.length);
  }
  const active = workerShares.filter((share) => share > 0).length;
  return {
    workers: workerShares.length,
    steady,
    originQueriesPerSecond: requestsPerSecond * (steady.expired + steady.evicted),
    start,
    ...heldEntries(groups, limits, active),
  };
}

function addTo(sum: { -readonly [K in keyof Fates]: number }, fates: Fates, weight: number): void {
  for (const fate of ['hits', 'cold', 'expired', 'evicted'] as const) {
    sum[fate] += weight * fates[fate];
  }
}

/**
 * A worker holds key k with probability o_k = 1 − e^(−p_k·t), an expired entry included, since it
 * keeps its place until somebody asks for it. Entries are N·Σ o_k, distinct ones Σ 1 − (1 − o_k)^N.
 */
function heldEntries({ share, keys }: ShareGroups, limits: CacheLimits, workers: number) {
  let entries = 0;
  let distinct = 0;
  for (const stay of staysOf({ share, keys }, limits)) {
    for (let g = 0; g < share.length; g++) {
      const held = -Math.expm1(-share[g]! * stay.requests);
      entries += stay.weight * workers * keys[g]! * held;
      distinct += stay.weight * keys[g]! * (1 - (1 - held) ** workers);
    }
  }
  return { entries, duplicationFactor: distinct === 0 ? 1 : entries / distinct };
}
