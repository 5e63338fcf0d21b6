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
