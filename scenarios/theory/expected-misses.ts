import { type Popularity, popularityShares } from '../../lab/traffic/workload.ts';
import type { Arm, Estimate } from '../../reports/record/schema.ts';
import { expectedTraffic } from './expected-traffic.ts';

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
export function expectedMisses(arm: Arm, lives: readonly LifeTraffic[]): Estimate | null {
  const popularity = arm.workload.popularity as Popularity;
  const expected = expectedTraffic({
    shares: popularityShares({ ...arm.workload, popularity }),
    popularity,
    requestsPerWorker: lives.map(({ requests }) => requests),
    requestsBefore: lives.map(({ before }) => before),
    cache: arm.cache,
    durationSeconds: 0,
    seed: arm.workload.seed,
  });
  return expected?.misses ?? null;
}
