import { requestsToFill } from './requests-to-fill.ts';
import type { ShareGroups } from './share-groups.ts';

/** From so many keys on, when the next different one comes is as good as certain. */
const MANY = 60;
const STEPS = 20;

/**
 * After how many requests a cache that holds one key, and evicts nothing, misses for the n-th time:
 * ∫ P(X(t) < n) dt, X(t) being the different keys in t apart from the one it holds. `first` is the
 * probability of each key to be that one, by groups (Σ keys · first = 1). For large n X(t) is close
 * to its mean, so that this is when the mean is n − ½.
 */
export function meanTimeToMiss(groups: ShareGroups, first: Float64Array, n: number): number {
  const typical = requestsToFill(groups, n + 0.5);
  if (n > MANY || typical === Infinity) return typical - requestsToFill(groups, 0.5);
  return integral((time) => chanceOfFewer(groups, first, n, time), typical / STEPS);
}

/**
 * Miss ratio of a strict LRU of n entries, exactly: the gap before a request for key k has the
 * density p_k · e^(−p_k·t), and it is a hit when fewer than n other keys came in it (King, "Analysis
 * of demand paging algorithms", 1971, as an integral).
 */
export function lruMissRatio(groups: ShareGroups, n: number): number {
  const hits = (time: number) => {
    const gaps = groups.share.map((share) => share ** 2 * Math.exp(-share * time));
    return chanceOfFewer(groups, gaps, n, time);
  };
  return 1 - integral(hits, requestsToFill(groups, n) / STEPS);
}

/** From 0 to where next to nothing is left of a falling function: Simpson's rule. */
function integral(falling: (x: number) => number, step: number): number {
  const first = falling(0);
  let sum = first;
  for (let i = 1; i < 1_000 * STEPS; i++) {
    const value = falling(i * step);
    sum += (i % 2 === 0 ? 2 : 4) * value;
    if (value < 1e-7 * first) break;
  }
  return (sum * step) / 3;
}

/**
 * P(X(t) < n): key k is among the different ones with probability 1 − e^(−p_k·t), independently of
 * the others (requests as a Poisson process). Left out is one key, by the weights of `first`. Keys that share a group are rare ones; how many of
 * them come is a Poisson variable, whether one of them is left out or not.
 */
function chanceOfFewer({ share, keys }: ShareGroups, first: Float64Array, n: number, time: number) {
  // Of all keys that stand alone so many have come; the same with the first key left out.
  const all = new Float64Array(n);
  const others = new Float64Array(n);
  all[0] = 1;
  let rare = 0;
  let firstIsRare = 0;
  for (let g = 0; g < share.length; g++) {
    const comes = -Math.expm1(-share[g]! * time);
    if (keys[g]! > 1) {
      rare += keys[g]! * comes;
      firstIsRare += keys[g]! * first[g]!;
      continue;
    }
    for (let d = n - 1; d >= 0; d--) {
      others[d] = others[d]! * (1 - comes) + (others[d - 1] ?? 0) * comes + first[g]! * all[d]!;
      all[d] = all[d]! * (1 - comes) + (all[d - 1] ?? 0) * comes;
    }
  }
  let fewer = 0;
  let exactly = Math.exp(-rare);
  let atMost = 0;
  for (let d = 0; d < n; d++) {
    atMost += exactly;
    exactly *= rare / (d + 1);
    fewer += atMost * (others[n - 1 - d]! + firstIsRare * all[n - 1 - d]!);
  }
  return fewer;
}
