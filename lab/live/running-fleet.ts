import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Routing } from '../../reports/record/vocabulary.ts';
import type { ArmPlan } from '../../scenarios/kit/contract.ts';
import type { ClearReply, WorkerSnapshot } from '../../server/protocol.ts';
import { openBalancerFor } from '../fleet/balanced.ts';
import type { Balancer, Fleet, Launcher, WorkerHandle } from '../fleet/fleet.ts';
import { workerIn } from '../fleet/live-fleet.ts';
import { type RunContext, startFleet } from '../run/arm.ts';
import { type ArmService, fileAddress, openService } from '../services/arm-service.ts';
import { askWorker } from '../traffic/single-request.ts';

/** Where a fleet lives, and what it is started with. */
export interface FleetContext
  extends Pick<RunContext, 'port' | 'launcherOf' | 'services' | 'signal'> {
  /** Private to the lab. */
  readonly folder: string;
  /** The generated database, copied for each fleet so that all begin with the same content. */
  readonly database: string;
}

/** A fleet of the live view, with the service that it needs and a balancer for routing by key. */
export class RunningFleet {
  readonly plan: ArmPlan;
  readonly #fleet: Fleet;
  readonly #service: ArmService | null;
  /** Begun with the fleet, so that nobody waits when the routing changes. */
  readonly #balancer: Promise<Balancer>;
  readonly #remove: () => void;

  private constructor(
    plan: ArmPlan,
    parts: { fleet: Fleet; service: ArmService | null; balancer: Promise<Balancer> },
    remove: () => void,
  ) {
    this.plan = plan;
    this.#fleet = parts.fleet;
    this.#service = parts.service;
    this.#balancer = parts.balancer;
    this.#remove = remove;
  }

  /** @throws LabError that tells why it could not start; then nothing of it is left */
  static async start(plan: ArmPlan, context: FleetContext): Promise<RunningFleet> {
    // A folder of its own: what a fleet that could not start left behind is not to be read again.
    const runFolder = path.join(context.folder, 'f');
    mkdirSync(runFolder, { recursive: true, mode: 0o700 });
    const database = path.join(runFolder, 'origin.sqlite');
    copyFileSync(context.database, database);
    const remove = () => rmSync(runFolder, { recursive: true, force: true, maxRetries: 3 });
    let service: ArmService | null = null;
    try {
      const { launcherOf, port, signal } = context;
      const place = { runFolder, port, signal, labFolder: context.folder };
      service = await openService(plan, { ...place, services: context.services });
      const address = service?.address ?? fileAddress(plan, runFolder);
      const launcher = await launcherOf(plan.launcher);
      // The balancer is opened beside it, since the routing may change without another fleet.
      const direct = { ...plan, routing: 'keep-alive' } as const;
      const fleet = await startFleet(launcher, direct, { database, address }, place);
      const balancer = balancerOf(launcher, fleet, place);
      return new RunningFleet(plan, { fleet, service, balancer }, remove);
    } catch (error) {
      await service?.close();
      remove();
      throw error;
    }
  }

  get startMillis(): number {
    return this.#fleet.startMillis;
  }

  /** Aborted when a process ends that nobody asked to. */
  get failure(): AbortSignal {
    return AbortSignal.any([
      this.#fleet.failure,
      ...(this.#service ? [this.#service.failure] : []),
    ]);
  }

  /** The port at which requests find a worker in this way. */
  async portFor(routing: Routing): Promise<number> {
    return routing === 'by-key' ? (await this.#balancer).port : this.#fleet.port;
  }

  workers(): Promise<WorkerHandle[]> {
    return this.#fleet.workers();
  }

  async worker(slot: number): Promise<WorkerHandle> {
    return workerIn(await this.workers(), slot);
  }

  snapshots(options?: { keys?: boolean }): Promise<WorkerSnapshot[]> {
    return this.#fleet.snapshots(options);
  }

  kill(slot: number): Promise<void> {
    return this.#fleet.kill(slot);
  }

  reload(): Promise<void> {
    return this.#fleet.reload();
  }

  async clear(slot: number): Promise<ClearReply> {
    return askWorker<ClearReply>(await this.worker(slot), '/clear', { method: 'POST' });
  }

  /** Ends everything that was started. Never throws. */
  async stop(): Promise<void> {
    const balancer = await this.#balancer.catch(() => null);
    await balancer?.stop();
    await this.#fleet.stop();
    await this.#service?.close();
    this.#remove();
  }
}

function balancerOf(
  launcher: Launcher,
  { port }: Fleet,
  { runFolder, signal }: { readonly runFolder: string; readonly signal: AbortSignal },
): Promise<Balancer> {
  const settings = { port: 0, byKey: true, servers: [{ port, runFolder }] };
  const opened = openBalancerFor(launcher, settings, { runFolder, signal });
  // Whoever needs it hears of it.
  opened.catch(() => {});
  return opened;
}
