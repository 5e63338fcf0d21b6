import { createKeySampler } from '../../scenarios/theory/key-sampler.ts';
import { type KeyPopularity, popularityShares } from '../../scenarios/theory/popularity.ts';

export interface WorkloadOptions extends KeyPopularity {
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
  const { popularity, keys, seed } = options;
  const shares = popularityShares(options);
  const next = popularity === 'cyclic' ? cyclicStream(keys) : createKeySampler(shares, seed);
  return { options, shares, next };
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
