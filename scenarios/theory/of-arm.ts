import type { Arm, Estimate } from '../../reports/record/schema.ts';
import { sum } from '../../reports/record/tally.ts';
import { staysOf } from './characteristic-time.ts';
import { around } from './estimate.ts';
import { expectedTraffic } from './expected-traffic.ts';
import { forecastFleet } from './fleet-forecast.ts';
import { popularityShares } from './popularity.ts';
import { groupShares } from './share-groups.ts';

/** The part of a recorded arm that theory needs. */
type Subject = Pick<Arm, 'workload' | 'cache'>;

/** What one cache was asked: a restarted worker has a new one. */
export interface LifeTraffic {
  /** Lookups in the stretch that is judged. */
  readonly requests: number;
  /** Lookups of the same cache before it. */
  readonly before: number;
}

/**
 * The misses that an arm's traffic should cost these caches, each of which began empty; as
 * {@link expectedTraffic}, for caches that are not the same from the arm's beginning to its end.
 * `null` where theory has no figure.
 */
export function expectedMisses(arm: Subject, lives: readonly LifeTraffic[]): Estimate | null {
  const expected = expectedTraffic({
    shares: popularityShares(arm.workload),
    popularity: arm.workload.popularity,
    requestsPerWorker: lives.map(({ requests }) => requests),
    requestsBefore: lives.map(({ before }) => before),
    cache: arm.cache,
    durationSeconds: 0,
    seed: arm.workload.seed,
  });
  return expected?.misses ?? null;
}

/**
 * The hit rate that an arm settles at when its entries expire, 0…1: Σ over workers of
 * R_w · Σ_k p_k·x/(1 + x), with x = λ_w·p_k·T and λ_w the rate of the worker's own requests (Jung,
 * Berger and Balakrishnan, "Modeling TTL-based Internet Caches"; Django does not extend a timeout
 * when an entry is read). Where entries are also evicted, both are counted: {@link forecastFleet}.
 *
 * @param requestsPerSecond of each worker
 */
export function settledHitRate(arm: Subject, requestsPerSecond: readonly number[]): number {
  const rate = sum(requestsPerSecond);
  const { steady } = forecastFleet({
    groups: groupShares(popularityShares(arm.workload)),
    requestsPerSecond: rate,
    limits: arm.cache,
    workerShares: requestsPerSecond.map((own) => own / rate),
    startSeconds: 0,
  });
  return steady.hits;
}

/**
 * The same as an estimate. The value is the formula's; how far one run scatters around it is taken
 * from a simulation of that run.
 */
export function settledEstimate(
  arm: Subject,
  requestsPerSecond: readonly number[],
  simulated: Estimate,
): Estimate {
  return {
    ...around(settledHitRate(arm, requestsPerSecond), simulated, 1),
    source:
      'Σ p·x/(1 + x), x = λ·p·T (Jung, Berger, Balakrishnan); the scatter of a run is simulated',
    by: 'formula',
  };
}

/** Keys by popularity: ranks from 1, both included. */
export interface Band {
  readonly from: number;
  readonly to: number;
}

/**
 * The hit rate that each band of an arm's keys settles at, 0…1: Σ p_k·h_k / Σ p_k with
 * h_k = 1 − e^(−p_k·t), averaged over the stays t that the cull leaves ({@link staysOf}; Che's
 * approximation). Without a timeout; it depends neither on the rate nor on the number of workers.
 */
export function steadyHitRates(arm: Subject, bands: readonly Band[]): number[] {
  const shares = popularityShares(arm.workload);
  const stays = staysOf(groupShares(shares), arm.cache);
  const hitRate = (share: number) =>
    stays.reduce((sum, { requests, weight }) => sum - weight * Math.expm1(-share * requests), 0);
  return bands.map(({ from, to }) => {
    let asked = 0;
    let hits = 0;
    for (const share of shares.subarray(from - 1, to)) {
      asked += share;
      hits += share * hitRate(share);
    }
    return hits / asked;
  });
}
