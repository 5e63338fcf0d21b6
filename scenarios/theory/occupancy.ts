/** How many keys a stream touches: the mean over runs, and the variance between them. */
interface Occupancy {
  readonly mean: number;
  readonly variance: number;
}

/**
 * Keys among `requests` draws that were not among the `before` draws: key k is one with
 * q_k = (1 − p_k)^before · (1 − (1 − p_k)^requests); the mean is Σ q_k. The variance takes the keys
 * for independent of each other, Σ q_k(1 − q_k); they hinder each other a little, so that it is
 * rather too large, never too small. With none before, both are exact: {@link distinctKeys}.
 */
export function newKeys(shares: ArrayLike<number>, before: number, requests: number): Occupancy {
  if (before === 0) return distinctKeys(shares, requests);
  let mean = 0;
  let variance = 0;
  for (let k = 0; k < shares.length; k++) {
    const untouched = 1 - shares[k]!;
    const isNew = untouched ** before * (1 - untouched ** requests);
    mean += isNew;
    variance += isNew * (1 - isNew);
  }
  return { mean, variance };
}

/**
 * Distinct keys among `requests` independent draws with the given shares. In a cache that starts
 * empty and loses nothing these are exactly the misses.
 *
 * Mean: Σ_k 1 − (1 − p_k)^R (occupancy problem, independent reference model).
 *
 * Variance: Σ_k q_k(1 − q_k) with q_k = (1 − p_k)^R, plus the covariance of each pair of keys,
 * (1 − p_j − p_k)^R − q_j q_k, which is negative: a request for one key is none for another.
 * Expanding the power turns the sum over all pairs into a sum over m = 1, 2, … of
 * (−1)^m (F_m² − Σ_k b_k(m)²) / C(R, m), where b_k(m) is the probability that key k is asked for
 * exactly m times and F_m = Σ_k b_k(m). As F_m ≤ R/m, the terms fall like R^(2−m): a few suffice.
 */
function distinctKeys(shares: ArrayLike<number>, requests: number): Occupancy {
  let mean = 0;
  let variance = 0;
  for (let k = 0; k < shares.length; k++) {
    const untouched = timesAskedProbability(shares[k]!, requests, 0);
    mean += 1 - untouched;
    variance += untouched * (1 - untouched);
  }
  for (let m = 1, term = Infinity; m <= requests && Math.abs(term) > 1e-6; m++) {
    let sum = 0;
    let squares = 0;
    for (let k = 0; k < shares.length; k++) {
      const probability = timesAskedProbability(shares[k]!, requests, m);
      sum += probability;
      squares += probability * probability;
    }
    term = ((-1) ** m * (sum * sum - squares)) / choose(requests, m);
    variance += term;
  }
  return { mean, variance: Math.max(0, variance) };
}

/** Binomial probability of exactly `times` successes, without losing small shares to rounding. */
function timesAskedProbability(share: number, requests: number, times: number): number {
  const others = requests - times;
  const noOther = others === 0 ? 1 : Math.exp(others * Math.log1p(-share));
  return choose(requests, times) * share ** times * noOther;
}

function choose(n: number, m: number): number {
  let value = 1;
  for (let i = 0; i < m; i++) value *= (n - i) / (i + 1);
  return value;
}
