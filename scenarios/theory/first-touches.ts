import type { Estimate } from '../../reports/record/schema.ts';
import { sum } from '../../reports/record/tally.ts';
import { Z95 } from './estimate.ts';
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
 * Misses of caches that lose nothing, when they have seen part of a stream already: each key that
 * is new to its cache is missed once (independent reference model; {@link newKeys}).
 */
export function firstTouches(parts: readonly Touched[], source: string): Estimate {
  const touched = parts.map(({ shares, before, requests }) => newKeys(shares, before, requests));
  const value = sum(touched.map(({ mean }) => mean));
  const half = Z95 * Math.sqrt(sum(touched.map(({ variance }) => variance)));
  return {
    value,
    low: Math.max(0, value - half),
    high: value + half,
    interval: { kind: 'chance', share: 0.95, how: 'occupancy', step: 1 },
    source,
    by: 'formula',
  };
}
