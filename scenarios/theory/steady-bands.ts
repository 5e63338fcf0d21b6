import { type Popularity, popularityShares } from '../../lab/traffic/workload.ts';
import type { Arm } from '../../reports/record/schema.ts';
import { staysOf } from './characteristic-time.ts';
import { groupShares } from './share-groups.ts';

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
export function steadyHitRates(arm: Arm, bands: readonly Band[]): number[] {
  const popularity = arm.workload.popularity as Popularity;
  const shares = popularityShares({ ...arm.workload, popularity });
  const stays = staysOf(groupShares(shares), { ...arm.cache, timeoutSeconds: null });
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
