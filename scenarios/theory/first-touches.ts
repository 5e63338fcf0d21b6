import type { Estimate } from '../../reports/record/schema.ts';
import { sum } from '../../reports/record/tally.ts';
import { wholeNumberInterval } from './estimate.ts';
import { newKeys } from './occupancy.ts';

/** A cache, or some of the keys that it is asked for, and how much of the stream went there. */
export interface Touched {
  /** p_k of the keys concerned, as shares of the requests counted below. */
  readonly shares: ArrayLike<number>;
  /** Requests that it had seen before. */
  readonly before: number;
  /** Requests that it sees now. */
  readonly requests: number;
}

/**
 * Misses of caches that lose nothing: each key that is new to its cache is missed once (occupancy
 * problem, independent reference model; {@link newKeys}). There is one at most for each request, and
 * for each key.
 */
export function firstTouches(parts: readonly Touched[], source: string): Estimate {
  const touched = parts.map(({ shares, before, requests }) => newKeys(shares, before, requests));
  const value = sum(touched.map(({ mean }) => mean));
  const deviation = Math.sqrt(sum(touched.map(({ variance }) => variance)));
  const most = sum(parts.map(({ shares, requests }) => Math.min(requests, shares.length)));
  return {
    value,
    ...wholeNumberInterval(value, deviation, most),
    interval: { kind: 'chance', share: 0.95, how: 'occupancy variance', step: 1 },
    source,
    by: 'formula',
  };
}
