import { type CacheLimits, entriesPerCull } from './cache-limits.ts';
import type { ShareGroups } from './share-groups.ts';

/** How long an entry stays without being asked for: that many requests to its cache later it is gone. */
export interface Stay {
  readonly requests: number;
  /** Σ = 1. */
  readonly weight: number;
}

/** Nodes and weights of a Gauss–Legendre quadrature on [0, 1]. */
const QUADRATURE = [
  [0.046910077030668, 0.1184634425280945],
  [0.2307653449471585, 0.2393143352496832],
  [0.5, 0.2844444444444444],
  [0.7692346550528415, 0.2393143352496832],
  [0.953089922969332, 0.1184634425280945],
] as const;

/**
 * How long entries stay in a cache of that size under this popularity; infinitely long when all
 * keys fit.
 *
 * Strict LRU: one time t for all keys, with Σ_k 1 − e^(−p_k·t) = C (Che's approximation; Fricker,
 * Robert and Roberts, arXiv 1202.3974).
 *
 * Django's batch cull: no formula is known, so Che's is carried over. A cull keeps the C − ⌊C/f⌋
 * entries asked for last, those younger than t₁ = t(C − ⌊C/f⌋), and the next one comes when the
 * cache holds C again, which is when the age at the edge has grown to t₂ = t(C). A key that nobody
 * asks for is caught by the first cull after it reached t₁, and culls come at an arbitrary moment
 * for it: its stay is uniform between t₁ and t₂, here as five points of a quadrature. Simulation
 * agrees within 0.1 points (see the tests).
 */
export function staysOf(groups: ShareGroups, limits: CacheLimits): Stay[] {
  const { maxEntries, cullFrequency, policy } = limits;
  if (policy === 'lru') return [{ requests: requestsToFill(groups, maxEntries), weight: 1 }];
  // A cull that would drop less than one entry drops none: the cache grows until it drops one.
  const full = Math.max(maxEntries, cullFrequency, 1);
  const kept = full - entriesPerCull({ maxEntries: full, cullFrequency });
  const longest = requestsToFill(groups, full);
  if (longest === Infinity) return [{ requests: Infinity, weight: 1 }];
  const shortest = requestsToFill(groups, kept);
  return QUADRATURE.map(([node, weight]) => ({
    requests: shortest + node * (longest - shortest),
    weight,
  }));
}

/** After how many requests so many different keys have been asked for, on average. */
function requestsToFill({ share, keys }: ShareGroups, entries: number): number {
  let total = 0;
  for (const count of keys) total += count;
  if (entries >= total) return Infinity;
  // Touched keys are a concave function of the requests: Newton's steps from below never overshoot.
  let requests = entries;
  for (let step = 0; step < 200; step++) {
    let touched = 0;
    let slope = 0;
    for (let g = 0; g < share.length; g++) {
      const untouched = Math.exp(-share[g]! * requests);
      touched += keys[g]! * (1 - untouched);
      slope += keys[g]! * share[g]! * untouched;
    }
    const missing = entries - touched;
    if (missing < 1e-9 * entries || slope === 0) break;
    requests += missing / slope;
  }
  return requests;
}
