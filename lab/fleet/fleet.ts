import type { WorkerSnapshot } from '../../server/identity.ts';
import type { WorkerSettings } from '../../server/protocol.ts';

/** What a launcher is asked to start. */
export interface FleetPlan {
  readonly workers: number;
  readonly settings: WorkerSettings;
  /** How node:cluster hands out connections. Default: round robin. */
  readonly scheduling?: 'round-robin' | 'none' | undefined;
}

/** A worker that answers on its control socket. */
export interface WorkerHandle {
  readonly slot: number;
  readonly pid: number;
  /** This worker's own address: a Unix socket that serves the same app. */
  readonly privateSocket: string;
  readonly controlSocket: string;
}

/** The workers that serve one arm, and the address that reaches them. */
export interface Fleet {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** From the launch until every worker answered. */
  readonly startMillis: number;
  /** One handle per slot, by slot. */
  workers(): Promise<WorkerHandle[]>;
  /** Every worker's own counters, by slot; with the keys it holds when asked for. */
  snapshots(options?: { keys?: boolean }): Promise<WorkerSnapshot[]>;
  /** Rolling: each worker is replaced by a new one; done when all new ones answer. */
  reload(): Promise<void>;
  /** SIGKILL; done when the replacement answers. */
  kill(slot: number): Promise<void>;
  /** Behind a balancer: only these servers, counted from 1, get requests from now on. */
  useServers?(servers: readonly number[]): Promise<void>;
  /** Aborted, with a LabError that holds the last words, when a worker dies that nobody killed. */
  readonly failure: AbortSignal;
  /** Ends everything that was started. Never throws; may be called again. */
  stop(): Promise<void>;
}

/** Starts fleets. `start` ends what it began when it fails or `signal` aborts. */
export interface Launcher {
  readonly name: string;
  /** One line for `npm run lab -- list`. */
  readonly summary: string;
  start(plan: FleetPlan, signal: AbortSignal): Promise<Fleet>;
}
