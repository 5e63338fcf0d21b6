import type { Estimate } from '../../reports/record/schema.ts';
import { exactly } from './estimate.ts';

/**
 * How many of `trials` independent trials succeed when each does with probability `success`: the
 * mean, and the interval that holds 99.99 % of runs (each tail at most 0.005 %). Exact, from the
 * binomial distribution: P(X = k) = C(n, k) · p^k · (1 − p)^(n − k).
 *
 * @throws RangeError for a probability that is none
 */
export function binomialEstimate(trials: number, success: number, source: string): Estimate {
  if (!(success >= 0 && success <= 1)) {
    throw new RangeError(`a probability is between 0 and 1, not ${success}`);
  }
  if (success === 0 || success === 1) return exactly(trials * success, source);
  return {
    value: trials * success,
    low: quantile(trials, success, TAIL),
    high: trials - quantile(trials, 1 - success, TAIL),
    interval: { kind: 'chance', share: 0.9999, how: 'binomial', step: 0 },
    source,
    by: 'formula',
  };
}

const TAIL = 0.00005;

/** The smallest k with P(X ≤ k) > `tail`, summed from the low end in logarithms. */
function quantile(trials: number, success: number, tail: number): number {
  let logTerm = trials * Math.log1p(-success);
  let below = Math.exp(logTerm);
  let k = 0;
  while (below <= tail && k < trials) {
    logTerm += Math.log(((trials - k) * success) / ((k + 1) * (1 - success)));
    below += Math.exp(logTerm);
    k += 1;
  }
  return k;
}
