import type { Arm } from '../../reports/record/schema.ts';
import type { SeenArm, ServiceMemory } from '../kit/contract.ts';

/** What a worker measured around its calls to the cache. */
export interface Duration {
  readonly count: number;
  readonly p50Micros: number | null;
  readonly p99Micros: number | null;
  /** The medians of several series of calls, one after the other: how steady the median is. */
  readonly mediansMicros: readonly number[];
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
    /** With a page of each lookup in it; `null`: it ran already, and may hold what is others'. */
    readonly memory: ServiceMemory | null;
  } | null;
  /** One request at a time, in one worker: what it waited for its cache. */
  readonly get: Duration;
  readonly set: Duration;
  /** One worker had loaded a page; so many of all workers then had it. */
  readonly sharing: { readonly workers: number; readonly knew: number };
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

/** An arm as this scenario sees it. */
export type Measured = SeenArm<Observed>;

/** Whether it is the arm whose service writes a file. */
export function writesFile({ persistence }: Pick<Arm, 'persistence'>): boolean {
  return persistence === 'append-only file';
}
