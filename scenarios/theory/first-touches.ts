import type { Estimate } from '../../reports/record/schema.ts';

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
 * Misses of caches that lose nothing, when they have seen part of a stream already: key k is missed
 * when it was not among the requests before and is among those now,
 * q_k = (1 − p_k)^before · (1 − (1 − p_k)^requests); the misses are Σ q_k (independent reference
 * model). The interval takes the keys for independent of each other, Σ q_k(1 − q_k); they hinder
 * each other a little, so that it is rather too wide.
 */
export function firstTouches(parts: readonly Touched[], source: string): Estimate {
  let value = 0;
  let variance = 0;
  for (const { shares, before, requests } of parts) {
    for (let k = 0; k < shares.length; k++) {
      const untouched = (times: number) => (1 - shares[k]!) ** times;
      const miss = untouched(before) * (1 - untouched(requests));
      value += miss;
      variance += miss * (1 - miss);
    }
  }
  const halfWidth = 1.96 * Math.sqrt(variance);
  return {
    value,
    low: Math.max(0, value - halfWidth),
    high: value + halfWidth,
    interval: { kind: 'chance', share: 0.95, how: 'occupancy', step: 1 },
    source,
    by: 'formula',
  };
}
