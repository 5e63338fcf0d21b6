import { sum } from '../../reports/record/tally.ts';
import { type CacheLimits, entriesPerCull } from './cache-limits.ts';
import { meanTimeToMiss } from './distinct-keys.ts';
import { requestsToFill } from './requests-to-fill.ts';
import type { ShareGroups } from './share-groups.ts';
import { timeoutStores } from './timeout-stores.ts';

/** From one cull to the next where each drops everything, counted in requests to the cache. */
export interface CullCycle {
  /** How long it takes on average. */
  readonly requests: number;
  /** In a stretch of this length as many keys are asked for as the cache holds in the end. */
  readonly fillingRequests: number;
}

/**
 * The cycle of a cache that each cull empties (a cull frequency of 0 or 1); `null` where some
 * entries stay, or where all keys fit and there is no cull.
 *
 * After a cull the cache begins with the key that was stored, and is full when C keys are there; the
 * miss that comes then culls it. So a cycle takes C misses of a cache that begins with one key: the
 * coupon collector's problem with keys of unequal popularity, see {@link meanTimeToMiss}. The first
 * key is one that the cache did not hold when it was full: p_k · e^(−p_k·t) of all, as Che has it.
 */
export function cycleOf(groups: ShareGroups, limits: CacheLimits): CullCycle | null {
  const full = Math.max(limits.maxEntries, 1);
  if (limits.policy === 'lru' || entriesPerCull({ ...limits, maxEntries: full }) < full)
    return null;
  const fillingRequests = requestsToFill(groups, full);
  if (fillingRequests === Infinity) return null;
  const first = groups.share.map((share) => share * Math.exp(-share * fillingRequests));
  const total = sum(first.map((share, g) => share * groups.keys[g]!));
  const requests = meanTimeToMiss(
    groups,
    first.map((share) => share / total),
    full,
  );
  return { requests, fillingRequests };
}

/**
 * Shares of the requests for a key, in a cache that is emptied again and again. Within a cycle
 * nothing is evicted, so its stores are those of a timeout alone: see {@link timeoutStores}. Each
 * cycle that had the key ends with an entry whose next request is a miss: an evicted one if it comes
 * before the entry would have expired.
 */
export function cycleFates(
  { requests, fillingRequests }: CullCycle,
  { share, requestsPerSecond, timeoutSeconds }: KeyTraffic,
) {
  if (timeoutSeconds <= 0) return { hits: 0, expired: 1, evicted: 0 };
  const rate = share * requestsPerSecond;
  const seconds = requests / requestsPerSecond;
  // Of cycles of different lengths fewer have the key than of as many of their mean length.
  const spared = Math.exp(-share * fillingRequests) - Math.exp(-share * requests);
  const storesBy = (at: number) => timeoutStores(rate, timeoutSeconds, at);
  const perRequest = (stores: number) => (stores - spared) / (share * requests);
  const misses = perRequest(storesBy(seconds));
  const evicted = Math.max(0, perRequest(stillFresh(rate, seconds, timeoutSeconds, storesBy)));
  return { hits: 1 - misses, expired: misses - evicted, evicted };
}

interface KeyTraffic {
  /** Of the key, among all requests. */
  readonly share: number;
  readonly requestsPerSecond: number;
  /** Infinity: never. */
  readonly timeoutSeconds: number;
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
 * Expected entries of a key that a cull drops and that are asked for before their time would be over.
 * Of the stores in the last T of a cycle none is followed by another. One made at u expires T + u − L
 * after the cull, and is asked for before with 1 − e^(−λ(T + u − L)); by parts, with the stores N(u).
 */
function stillFresh(
  rate: number,
  cycle: number,
  timeout: number,
  storesBy: (at: number) => number,
) {
  if (timeout === Infinity) return storesBy(cycle);
  const from = Math.max(0, cycle - timeout);
  const askedFor = (at: number) => -Math.expm1(-rate * (timeout - cycle + at));
  const span = cycle - from;
  let later = 0;
  for (const [node, weight] of QUADRATURE) {
    const at = from + node * span;
    later += weight * span * storesBy(at) * rate * Math.exp(-rate * (timeout - cycle + at));
  }
  return storesBy(cycle) * askedFor(cycle) - storesBy(from) * askedFor(from) - later;
}
