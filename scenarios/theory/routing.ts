import type { Estimate } from '../../reports/record/schema.ts';

/**
 * What follows from N caches instead of one by counting alone. Random routing: every request goes
 * to each worker with the same probability, whatever came before. Round robin: strictly in turn.
 */
export type Spread = 'random' | 'round-robin';

/**
 * One key is asked for again and again, nothing expires: the probability that the k-th request
 * (from 1) hits. Random: 1 − (1 − 1/N)^(k−1). Round robin: the first N miss, every later one hits.
 */
export function repeatedKeyHits(workers: number, request: number, spread: Spread): number {
  if (spread === 'round-robin') return request > workers ? 1 : 0;
  return 1 - (1 - 1 / workers) ** (request - 1);
}

/** Sessions in the local cache: the share of requests that reach the worker which knows the login. */
export function recognisedShare(workers: number): number {
  return 1 / workers;
}

/** The probability that a visit of `pages` pages in a row never loses its login, random routing: N^−m. */
export function unbrokenVisits(workers: number, pages: number): number {
  return workers ** -pages;
}

/** A rate limit counted by each worker for itself lets through up to L · N of `sent` requests. */
export function admittedAtMost(limit: number, workers: number, sent: number): number {
  return Math.min(limit * workers, sent);
}

/**
 * What a limit L counted by each worker lets through when it got so many requests of the window:
 * Σ_w min(L, R_w).
 */
export function admitted(limit: number, requestsPerWorker: readonly number[]): number {
  return requestsPerWorker.reduce((sum, requests) => sum + Math.min(limit, requests), 0);
}

/** After an update through one worker, this share of reads sees the old value until it expires there. */
export function staleShare(workers: number): number {
  return (workers - 1) / workers;
}

/**
 * Loads of the origin when a hot key expires while each worker has `inFlight` requests for it: one
 * per worker when each process lets only one load, up to `inFlight` per worker without a lock.
 */
export function stampedeLoads(workers: number, inFlight: number, locked: boolean): number {
  return locked ? workers : workers * inFlight;
}

/** Two-sided 95 % of a normal distribution. */
const Z95 = 1.959964;

/**
 * The share of `trials` independent trials that should succeed, with the interval for one run:
 * binomial, p ± 1.96·√(p(1 − p)/n), widened by the half count that a whole number cannot resolve.
 */
export function shareEstimate(probability: number, trials: number, source: string): Estimate {
  const half =
    trials === 0 ? 1 : Z95 * Math.sqrt((probability * (1 - probability)) / trials) + 0.5 / trials;
  const certain = probability === 0 || probability === 1;
  return {
    value: probability,
    low: certain ? probability : Math.max(0, probability - half),
    high: certain ? probability : Math.min(1, probability + half),
    interval: certain ? 'every run' : `95 % of runs (binomial, n = ${trials})`,
    source,
  };
}
