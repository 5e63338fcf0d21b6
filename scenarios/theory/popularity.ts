import type { Popularity } from '../../reports/record/vocabulary.ts';

/** How often each key is asked for. */
export interface KeyPopularity {
  readonly popularity: Popularity;
  /** The exponent s of Zipf's law: key number k is asked for in proportion to k^−s. */
  readonly zipf: number;
  /** How many different keys there are. */
  readonly keys: number;
}

/**
 * p_k of the independent reference model, the most popular key first (Σ = 1); for `cyclic` every key
 * is asked for equally often.
 */
export function popularityShares({ popularity, zipf, keys }: KeyPopularity): Float64Array {
  const exponent = popularity === 'zipf' ? zipf : 0;
  const shares = new Float64Array(keys);
  let sum = 0;
  for (let k = 0; k < shares.length; k++) sum += shares[k] = (k + 1) ** -exponent;
  for (let k = 0; k < shares.length; k++) shares[k]! /= sum;
  return shares;
}

/**
 * p_k where a few keys are hot: the part `hot` of the keys, one at least, gets the part `hotShare` of
 * the requests, all of them alike, and so do all others with the rest.
 */
export function hotSetShares(keys: number, { hot, hotShare }: HotSet): Float64Array {
  const hotKeys = Math.min(keys, Math.max(1, Math.round(hot * keys)));
  if (hotKeys === keys) return new Float64Array(keys).fill(1 / keys);
  const shares = new Float64Array(keys).fill((1 - hotShare) / (keys - hotKeys));
  return shares.fill(hotShare / hotKeys, 0, hotKeys);
}

export interface HotSet {
  readonly hot: number;
  readonly hotShare: number;
}

/** p_k as counted: requests for each key. */
export function countedShares(requests: readonly number[]): Float64Array {
  const all = requests.reduce((sum, one) => sum + one, 0);
  return Float64Array.from(requests, (one) => one / all);
}
