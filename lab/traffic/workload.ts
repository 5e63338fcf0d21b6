import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';

export const POPULARITIES = ['zipf', 'uniform', 'cyclic'] as const;
export type Popularity = (typeof POPULARITIES)[number];

export interface WorkloadOptions {
  readonly popularity: Popularity;
  /** The exponent s of Zipf's law: key number k is asked for in proportion to k^−s. */
  readonly zipf: number;
  /** How many different keys there are. */
  readonly keys: number;
  readonly seed: number;
}

/** The stream of keys that clients ask for. Keys are indices from 0, the most popular first. */
export interface Workload {
  readonly options: WorkloadOptions;
  /** Σ = 1: the probability that a request asks for key k. */
  readonly shares: Float64Array;
  /** The next key of the one stream that all connections draw from. */
  next(): number;
}

/** The same options give the same stream, on every machine. */
export function createWorkload(options: WorkloadOptions): Workload {
  const shares = popularityShares(options);
  return {
    options,
    shares,
    next: options.popularity === 'cyclic' ? cyclicStream(options.keys) : drawFrom(shares, options),
  };
}

/** p_k of the independent reference model; for `cyclic` every key is asked for equally often. */
export function popularityShares(
  options: Pick<WorkloadOptions, 'popularity' | 'zipf' | 'keys'>,
): Float64Array {
  const exponent = options.popularity === 'zipf' ? options.zipf : 0;
  const shares = new Float64Array(options.keys);
  let sum = 0;
  for (let k = 0; k < shares.length; k++) sum += shares[k] = (k + 1) ** -exponent;
  for (let k = 0; k < shares.length; k++) shares[k]! /= sum;
  return shares;
}

/** Inverse transform sampling: the first key whose cumulative share exceeds a uniform number. */
function drawFrom(shares: Float64Array, { seed }: { seed: number }): () => number {
  // Seeds are small numbers next to each other. Mersenne's seeding spreads them; the first hundreds
  // of draws of xoroshiro128+ were alike for neighbours (keys off by 0.17 σ over 400 seeds).
  const random = mersenne(seed);
  const cumulative = new Float64Array(shares.length);
  let sum = 0;
  for (let k = 0; k < shares.length; k++) cumulative[k] = sum += shares[k]!;
  return () => {
    const target = uniformFloat64(random);
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (cumulative[middle]! > target) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** 0, 1, … keys−1, 0, …: kept as a lesson, because it aliases with round robin. */
function cyclicStream(keys: number): () => number {
  let next = 0;
  return () => {
    const key = next;
    next = (next + 1) % keys;
    return key;
  };
}
