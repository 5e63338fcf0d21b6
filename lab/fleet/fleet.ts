import type { ArmPlan } from '../../scenarios/kit/contract.ts';
import type { Launch, WorkerIdentity, WorkerSnapshot } from '../../server/protocol.ts';

/** What a launcher is asked to start. */
export interface FleetPlan extends Omit<Launch, 'slot'> {
  /** For a launcher that needs a Python: the one that a person named. */
  readonly python?: string | undefined;
}

/** A worker that answers on its control socket. */
export interface WorkerHandle extends WorkerIdentity {
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
  /**
   * Every worker's own counters, by slot; with the keys it holds when asked for.
   *
   * @throws LabError that names a worker which does not answer
   */
  snapshots(options?: { keys?: boolean }): Promise<WorkerSnapshot[]>;
  /**
   * Rolling: each worker is replaced by a new one; done when all new ones answer.
   *
   * @throws LabError when a new one cannot start; then `failure` is aborted by it
   */
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
  /** One line for `npm run lab -- list`. */
  readonly summary: string;
  /** What it needs of the machine, e.g. `Django 3.2.19`. Left out: it is part of the lab. @throws LabError: not there */
  needs?(python?: string): string;
  /** Why it cannot run such an arm, as a clause; `null`: it can. Left out: it runs any. */
  refuses?(arm: ArmPlan): string | null;
  /** @throws LabError that tells why the workers could not start, or what `signal` is aborted by */
  start(plan: FleetPlan, signal: AbortSignal): Promise<Fleet>;
  /** Opens the balancer before several of its fleets. Default: one in a process of its own. */
  balance?(settings: BalancerSettings): Promise<Balancer>;
}

/** How a balancer is opened. */
export interface BalancerSettings {
  /** 0: any free port. */
  readonly port: number;
  readonly servers: readonly BalancedServer[];
  /** The same key always to the same worker of them all; otherwise the servers take turns. */
  readonly byKey: boolean;
}

/** A server: a fleet with a port that its workers share, and a folder that tells who they are. */
export interface BalancedServer {
  readonly port: number;
  readonly runFolder: string;
}

/** A balancer that listens. */
export interface Balancer {
  readonly port: number;
  /** From now on only these servers, by index, get requests. */
  use(servers: readonly number[]): Promise<void>;
  /** Rejects when it ends. */
  readonly ended: Promise<never>;
  stop(): Promise<void>;
}
