import { type Popularity, popularityShares } from '../../lab/traffic/workload.ts';
import type { Arm } from '../../reports/record/schema.ts';
import { groupShares } from './share-groups.ts';
import { steadyState } from './steady-state.ts';

/**
 * The hit rate that an arm settles at when its entries expire, 0…1: Σ over workers of
 * R_w · Σ_k p_k·x/(1 + x), with x = λ_w·p_k·T and λ_w the rate of the worker's own requests (Jung,
 * Berger and Balakrishnan, "Modeling TTL-based Internet Caches"; Django does not extend a timeout
 * when an entry is read). Where entries are also evicted, both are counted: {@link steadyState}.
 *
 * @param requestsPerSecond of each worker
 */
export function settledHitRate(arm: Arm, requestsPerSecond: readonly number[]): number {
  const popularity = arm.workload.popularity as Popularity;
  const groups = groupShares(popularityShares({ ...arm.workload, popularity }));
  let rate = 0;
  let hits = 0;
  for (const own of requestsPerSecond) {
    if (own === 0) continue;
    const settled = steadyState({ groups, requestsPerSecond: own, limits: arm.cache });
    rate += own;
    hits += own * settled.hits;
  }
  return hits / rate;
}
