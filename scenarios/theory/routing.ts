import type { Estimate } from '../../reports/record/schema.ts';
import { sum } from '../../reports/record/tally.ts';
import { exactly, within } from './estimate.ts';

/*
 * What follows from N caches instead of one by counting alone. Where requests find their workers at
 * random, each goes to every worker with the same probability, whatever came before.
 */

/** A session is in one of N caches: the share of pages that reach the worker which knows the login. */
export function recognisedShare(caches: number): number {
  return 1 / caches;
}

/** A worker that is late shifts the turn of those after it. */
const SHIFT = 2;

/** Of pages that workers answer in turn, every N-th finds the worker of the login. */
export function recognisedInTurn(pages: number, caches: number): Estimate {
  const value = pages * recognisedShare(caches);
  const source = 'strict round robin: every N-th';
  if (caches === 1) return exactly(value, source);
  const reason = 'two pages more or less: a worker that is late shifts the turn';
  return within(value, { low: value - SHIFT, high: value + SHIFT, reason }, source);
}

/** The probability that a visit of `pages` pages in a row never loses its login: N^−m. */
export function unbrokenVisits(caches: number, pages: number): number {
  return caches ** -pages;
}

/** A limit counted by each of N caches for itself lets through up to L · N in all. */
export function admittedAtMost(limit: number, caches: number): number {
  return limit * caches;
}

/** What a limit L lets through when each count got so many requests of the window: Σ_w min(L, R_w). */
export function admitted(limit: number, requestsPerCount: readonly number[]): number {
  return sum(requestsPerCount.map((requests) => Math.min(limit, requests)));
}

/**
 * What is left of a limit after each of the replies, in their order, when every count knows of its
 * own requests alone. `counts` names the count that answered.
 */
export function remainingAfter(limit: number, counts: readonly number[]): number[] {
  const got = new Map<number, number>();
  return counts.map((count) => {
    const now = (got.get(count) ?? 0) + 1;
    got.set(count, now);
    return Math.max(0, limit - now);
  });
}
