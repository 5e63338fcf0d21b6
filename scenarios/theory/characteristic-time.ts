import { sum } from '../../reports/record/tally.ts';
import { type CacheLimits, entriesPerCull } from './cache-limits.ts';
import { lruMissRatio } from './distinct-keys.ts';
import { requestsToFill } from './requests-to-fill.ts';
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
 * How long entries stay in a cache of that size under this popularity, without being asked for: the
 * least and the most, in requests to it; Infinity when all keys fit.
 *
 * Strict LRU: one time t for all keys, with Σ_k 1 − e^(−p_k·t) = C (Che's approximation; Fricker,
 * Robert and Roberts, arXiv 1202.3974).
 *
 * Django's batch cull: no formula is known, so Che's is carried over. A cull keeps the C − ⌊C/f⌋
 * entries asked for last, those younger than t₁ = t(C − ⌊C/f⌋), and the next one comes when the
 * cache holds C again, which is when the age at the edge has grown to t₂ = t(C). A key that nobody
 * asks for is caught by the first cull after it reached t₁, and culls come at an arbitrary moment
 * for it: its stay is uniform between t₁ and t₂. `npm run bench forecast` holds this against
 * simulation.
 */
export function stayBounds(groups: ShareGroups, limits: CacheLimits): Bounds {
  const { full, kept } = fillOf(limits);
  const longest = requestsToFill(groups, full + HALF_A_STEP);
  if (longest === Infinity) return [Infinity, Infinity];
  const lru = requestsToFill(groups, full);
  const bounds: Bounds =
    limits.policy === 'lru' ? [lru, lru] : [requestsToFill(groups, kept + HALF_A_STEP), longest];
  return full > FEW_ENTRIES || kept === 0 ? bounds : corrected(bounds, groups, { full, kept });
}

type Bounds = readonly [shortest: number, longest: number];

/** Between two culls a cache has kept + 1 … C entries: whole numbers, each for a while. */
const HALF_A_STEP = 0.5;

/** How many entries a cache has before a cull, and after it. */
function fillOf({ maxEntries, cullFrequency, policy }: CacheLimits) {
  if (policy === 'lru') return { full: maxEntries, kept: maxEntries - 1 };
  // A cull that would drop less than one entry drops none: the cache grows until it drops one.
  const full = Math.max(maxEntries, cullFrequency, 1);
  return { full, kept: full - entriesPerCull({ maxEntries: full, cullFrequency }) };
}

/** Up to so many entries, the stay of Che's approximation is corrected. */
const FEW_ENTRIES = 20;

/**
 * The bounds with which so many requests miss as do exactly: a cache that has m entries misses like
 * a strict LRU of m, so that it has them for 1 / M(m) requests ({@link lruMissRatio}).
 */
function corrected(
  [shortest, longest]: Bounds,
  groups: ShareGroups,
  { full, kept }: { full: number; kept: number },
): Bounds {
  let requests = 0;
  for (let entries = kept + 1; entries <= full; entries++) {
    requests += 1 / lruMissRatio(groups, entries);
  }
  const missRatio = (full - kept) / requests;
  let [low, high] = [0.1, 10];
  while (high - low > 1e-6) {
    const factor = (low + high) / 2;
    if (missesOf([factor * shortest, factor * longest], groups) > missRatio) low = factor;
    else high = factor;
  }
  return [low * shortest, low * longest];
}

function missesOf([shortest, longest]: Bounds, { share, keys }: ShareGroups): number {
  return sum(
    share.map((p, g) => p * keys[g]! * between(shortest, longest, (stay) => Math.exp(-p * stay))),
  );
}

/** {@link stayBounds} as a few stays that stand for all between them. */
export function staysOf(groups: ShareGroups, limits: CacheLimits): Stay[] {
  const [shortest, longest] = stayBounds(groups, limits);
  if (shortest === longest) return [{ requests: longest, weight: 1 }];
  return QUADRATURE.map(([node, weight]) => ({
    requests: shortest + node * (longest - shortest),
    weight,
  }));
}

/** The mean of a function between two bounds. */
function between(low: number, high: number, of: (x: number) => number): number {
  return sum(QUADRATURE.map(([node, weight]) => weight * of(low + node * (high - low))));
}
