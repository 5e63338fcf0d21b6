import { copyFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Arm } from '../../reports/record/schema.ts';
import type { LauncherName } from '../../reports/record/vocabulary.ts';
import type { ArmPlan, Lab, LabService, PhaseLab, Scenario } from '../../scenarios/kit/contract.ts';
import type { Progress } from '../console/progress.ts';
import { startBalanced } from '../fleet/balanced.ts';
import type { Fleet, FleetPlan, Launcher } from '../fleet/fleet.ts';
import { type ArmService, openService } from '../services/arm-service.ts';
import type { ServiceAddresses } from '../services/programs.ts';
import { createWorkload, type Workload } from '../traffic/workload.ts';
import { LivePhase } from './live-phase.ts';
import { PhaseRecorder } from './phase-recorder.ts';

/** What every arm of a run shares. */
export interface ArmContext {
  /** Private to the run; sockets, logs and databases. */
  readonly runFolder: string;
  /** The generated database, copied for each arm so that all begin with the same content. */
  readonly database: string;
  /** 0: any free port. */
  readonly port: number;
  launcherOf(name: LauncherName): Promise<Launcher>;
  /** Services that run already, to be used instead of private ones. */
  readonly services: ServiceAddresses;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Starts the arm's fleet, lets the scenario measure it, ends it, and gives back what was seen. */
export async function measureArm(
  scenario: Scenario,
  plan: ArmPlan,
  context: ArmContext,
): Promise<Arm> {
  const database = path.join(context.runFolder, 'arm.sqlite');
  copyFileSync(context.database, database);
  context.progress.arm(`${scenario.name} · ${plan.name} · ${plan.launcher} · ${plan.backend}`);
  context.progress.step(`starting ${plan.workers} ${plan.workers === 1 ? 'worker' : 'workers'}`);
  let fleet: Fleet | undefined;
  let service: ArmService | null = null;
  try {
    service = await openService(plan, context);
    fleet = await startFleet(plan, { database, service }, context);
    const lab = new LiveLab(plan, { fleet, service }, context);
    const seen = await scenario.measure(lab);
    return lab.arm(seen as Arm['observations']);
  } catch (error) {
    // Whatever else failed, a worker that died is the cause; the watch may not have seen it yet.
    if (fleet && !context.signal.aborted) await noticed(fleet.failure);
    throw fleet?.failure.aborted ? fleet.failure.reason : error;
  } finally {
    await fleet?.stop();
    await service?.close();
    for (const file of [database, `${database}-wal`, `${database}-shm`])
      rmSync(file, { force: true });
  }
}

const NOTICE_MILLIS = 250;

/** Waits a moment for the signal. */
async function noticed(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await delay(NOTICE_MILLIS, undefined, { signal }).catch(() => {});
}

async function startFleet(
  plan: ArmPlan,
  { database, service }: { database: string; service: ArmService | null },
  context: ArmContext,
): Promise<Fleet> {
  const launcher = await context.launcherOf(plan.launcher);
  const fleet: FleetPlan = {
    workers: plan.workers,
    scheduling: plan.scheduling,
    settings: {
      runFolder: context.runFolder,
      port: context.port,
      backend: plan.backend,
      service: service?.address,
      cache: {
        maxEntries: plan.maxEntries,
        timeout: plan.timeoutSeconds,
        cullFrequency: plan.cullFrequency,
      },
      database,
      users: plan.keys,
      originDelayMillis: plan.originDelayMillis,
      features: plan.features,
      labPid: process.pid,
    },
  };
  const byKey = plan.routing === 'by-key';
  const { servers } = plan;
  if (servers === 1 && !byKey) return launcher.start(fleet, context.signal);
  return startBalanced(launcher, fleet, { servers, byKey }, context.signal);
}

/** The running arm that a scenario studies. */
class LiveLab implements Lab {
  readonly plan: ArmPlan;
  readonly service: LabService | null;
  readonly #keyPrefix: string;
  readonly #fleet: Fleet;
  readonly #context: ArmContext;
  readonly #workload: Workload;
  readonly #recorder: PhaseRecorder;

  constructor(
    plan: ArmPlan,
    { fleet, service }: { fleet: Fleet; service: ArmService | null },
    context: ArmContext,
  ) {
    this.plan = plan;
    this.service = service;
    this.#keyPrefix = service?.address.keyPrefix ?? '';
    this.#fleet = fleet;
    this.#context = context;
    this.#workload = createWorkload(plan);
    this.#recorder = new PhaseRecorder(plan, this.#workload);
  }

  async phase<Result>(name: string, act: (phase: PhaseLab) => Promise<Result>): Promise<Result> {
    const { progress } = this.#context;
    progress.step(`${name}: reading the workers' counters`);
    const before = await this.#fleet.snapshots();
    const signal = AbortSignal.any([this.#context.signal, this.#fleet.failure]);
    const live = new LivePhase({
      name,
      plan: this.plan,
      fleet: this.#fleet,
      workload: this.#workload,
      keyPrefix: this.#keyPrefix,
      progress,
      signal,
    });
    const started = performance.now();
    const result = await act(live);
    const durationMillis = performance.now() - started;
    signal.throwIfAborted();
    const after = await this.#fleet.snapshots({ keys: true });
    this.#recorder.add({ name, live, durationMillis, before, after });
    return result;
  }

  /** What is kept of the arm, with what only its scenario measured. */
  arm(observations: Arm['observations']): Arm {
    const { startMillis } = this.#fleet;
    return armRecord(this.plan, { startMillis, phases: this.#recorder.phases(), observations });
  }
}

/** An arm as the record keeps it: its plan, and what was seen of it. */
export function armRecord(
  plan: ArmPlan,
  seen: Pick<Arm, 'startMillis' | 'phases' | 'observations'>,
): Arm {
  const { maxEntries, timeoutSeconds, cullFrequency, popularity, zipf, keys, seed } = plan;
  return {
    name: plan.name,
    workers: plan.workers,
    servers: plan.servers,
    launcher: plan.launcher,
    scheduling: plan.scheduling,
    backend: plan.backend,
    persistence: plan.persistence,
    routing: plan.routing,
    connections: plan.connections,
    cache: { maxEntries, timeoutSeconds, cullFrequency },
    workload: { popularity, zipf, keys, seed },
    ratePerSecond: plan.ratePerSecond,
    originDelayMillis: plan.originDelayMillis,
    round: plan.round,
    ...seen,
  };
}
