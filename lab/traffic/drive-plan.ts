import type { Routing } from '../../reports/record/vocabulary.ts';
import type { LedgerRow, Operation } from './ledger.ts';

/** One request as the workload wants it. */
export interface RequestPlan {
  readonly key: number;
  readonly operation: Operation;
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

/** What is sent where, and how. */
export interface DrivePlan {
  readonly port: number;
  readonly requests: number;
  readonly connections: number;
  /**
   * `keep-alive`: each connection stays open. `fresh`: a new connection for each request. `by-key`:
   * as `keep-alive`, and the balancer at the other end chooses by what is asked for.
   */
  readonly routing: Routing;
  /** Requests per second over all connections; `null`: closed loop, as fast as answers come. */
  readonly ratePerSecond: number | null;
  /** How long a request may take; then it counts as lost. Default: `patienceSeconds`. */
  readonly timeoutSeconds?: number | undefined;
  /** When the phase began (`performance.now()`), from which arrivals are counted. Default: now. */
  readonly phaseStarted?: number | undefined;
  /** The number of the first request in the ledger. */
  readonly firstRequest: number;
  /** The next request of the one stream that all connections draw from. */
  next(): RequestPlan;
  /** Sees each response after its row was written. */
  onResponse?(row: LedgerRow, headers: ResponseHeaders, body: string): void;
}

/** A response's headers as the server wrote their names (ours are in small letters). */
export type ResponseHeaders = Readonly<Record<string, string | undefined>>;
