import type { Arm } from '../../reports/record/schema.ts';

/** Percentiles of what a worker measured around its calls to the cache. */
export interface Duration {
  readonly count: number;
  readonly p50Micros: number | null;
  readonly p99Micros: number | null;
}

/**
 * What only this scenario measures of an arm. The arm whose service writes a file differs from the
 * one without in what it keeps and what that costs; the rest is not asked twice and is `null`.
 */
export interface Observed {
  /** `null`: the backend needs none. */
  readonly service: {
    readonly name: string;
    /** `null`: it ran already. */
    readonly startMillis: number | null;
    readonly memoryBytes: number | null;
    readonly persistence: 'none' | 'append-only file';
  } | null;
  /** One request at a time, in one worker: what it waited for its cache. */
  readonly get: Duration;
  readonly set: Duration;
  /** One worker had loaded a page; so many of all workers then had it. */
  readonly sharing: { readonly workers: number; readonly knew: number };
  /** Every page in every cache, all connections busy. */
  readonly requestsPerSecond: number | null;
  /** All workers replaced; so many of so many lookups of pages that were cached before were hits. */
  readonly workersReplaced: { readonly lookups: number; readonly hits: number } | null;
  /** A page was changed through one worker, again and again, and read at the others at once. */
  readonly updates: {
    readonly reads: number;
    readonly stale: number;
    /** Reads that were stale still when the wait ended. */
    readonly staleForGood: number;
    /** Until the last worker gave the new page, at most; `null` where some never did. */
    readonly longestMillis: number | null;
  } | null;
  /** The service killed and started again, without traffic; `null`: none, or not ours to kill. */
  readonly serviceRestarted: { readonly pages: number; readonly kept: number } | null;
  /** The service killed under traffic and started again; `null` as above. */
  readonly outage: {
    readonly requests: number;
    /** Responses that were not 200. */
    readonly failures: number;
    /** Served from the origin because the cache did not answer. */
    readonly bypassed: number;
    /** From the service's answer until every worker used it again. */
    readonly backMillis: number | null;
    readonly slowestMicros: number;
  } | null;
}

/** `undefined` for an arm that did not get so far. */
export function observed(arm: Arm): Observed | undefined {
  return arm.observations.backend as Observed | undefined;
}

/** Whether the workers of this arm have one cache together. */
export function isShared(arm: Arm): boolean {
  return arm.backend !== 'locmem';
}
