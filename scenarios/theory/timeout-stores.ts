/** From this many stores on, the asymptotic count is exact enough. */
const MANY_STORES = 60;

/**
 * Expected stores of one key in `seconds`, from an empty cache that evicts nothing: after a store
 * nothing happens for the timeout, so the (j + 1)-th has come when a Poisson stream without those
 * j pauses has brought j + 1 requests: Σ_j P(Poisson(λ(D − jT)) ≥ j + 1). Exact. For long runs the
 * renewal theorem: (D − 1/λ)/μ + (σ² + μ²)/2μ² with μ = T + 1/λ and σ = 1/λ.
 */
export function timeoutStores(rate: number, timeout: number, seconds: number): number {
  if (timeout <= 0) return rate * seconds;
  if (timeout === Infinity) return -Math.expm1(-rate * seconds);
  const mean = timeout + 1 / rate;
  if (seconds / mean > MANY_STORES) {
    return (seconds - 1 / rate) / mean + ((1 / rate) ** 2 + mean ** 2) / (2 * mean ** 2);
  }
  let stores = 0;
  for (let j = 0; j * timeout < seconds; j++) {
    const term = atLeast(j + 1, rate * (seconds - j * timeout));
    stores += term;
    if (term < 1e-12) break;
  }
  return stores;
}

/** P(X ≥ n) of a Poisson variable. */
function atLeast(n: number, mean: number): number {
  let probability = Math.exp(-mean);
  let below = 0;
  for (let i = 0; i < n; i++) {
    below += probability;
    probability *= mean / (i + 1);
  }
  return Math.max(0, 1 - below);
}
