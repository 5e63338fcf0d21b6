import { copyFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { counted } from '../../reports/record/format.ts';
import type { Arm } from '../../reports/record/schema.ts';
import type { LauncherName } from '../../reports/record/vocabulary.ts';
import type { ArmPlan, Lab, Scenario } from '../../scenarios/kit/contract.ts';
import type { ServiceAddress } from '../../server/protocol.ts';
import type { Progress } from '../console/progress.ts';
import { startBalanced } from '../fleet/balanced.ts';
import type { Fleet, FleetPlan, Launcher } from '../fleet/fleet.ts';
import { type ArmService, fileAddress, openService } from '../services/arm-service.ts';
import type { ServiceAddresses } from '../services/programs.ts';
import { patienceSeconds } from '../traffic/single-request.ts';
import { createWorkload, type Workload } from '../traffic/workload.ts';
import { watchAnswers } from './answer-watch.ts';
import type { PhaseSighting } from './live-phase.ts';

/** What every run of a series shares. */
export interface RunContext {
  /** 0: any free port. */
  readonly port: number;
  launcherOf(name: LauncherName): Promise<Launcher>;
  /** For a launcher that needs a Python: the one that a person named. */
  readonly python?: string | undefined;
  /** Services that run already, to be used instead of private ones. */
  readonly services?: ServiceAddresses | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** What every arm of a run shares. */
export interface ArmContext extends RunContext {
  /** Private to the run; sockets, logs and databases. */
  readonly runFolder: string;
  /** The generated database, copied for each arm so that all begin with the same content. */
  readonly database: string;
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
  context.progress.step(`starting ${counted(plan.workers, 'worker')}`);
  let fleet: Fleet | undefined;
  let service: ArmService | null = null;
  try {
    const launcher = await context.launcherOf(plan.launcher);
    service = await openService(plan, context);
    const address = service?.address ?? fileAddress(plan, context.runFolder);
    const starting = startFleet(launcher, plan, { database, address }, context);
    const loaded = loadAhead();
    fleet = await starting;
    await loaded;
    const workload = createWorkload(plan);
    const seen: PhaseSighting[] = [];
    const lab = liveLab({ plan, fleet, service, address, workload }, context, seen);
    const observations = (await scenario.measure(lab)) as Arm['observations'];
    const { startMillis } = fleet;
    // It ends while the figures are worked out; that it has ended is awaited below.
    void fleet.stop();
    const { phaseRecords } = await import('./phase-record.ts');
    return armRecord(plan, {
      startMillis,
      phases: phaseRecords(plan, workload, seen),
      observations,
    });
  } catch (error) {
    // Whatever else failed, a process that died is the cause; the watch may not have seen it yet.
    const failure = failureOf(fleet, service);
    if (!context.signal.aborted) await noticed(failure);
    throw failure.aborted ? failure.reason : error;
  } finally {
    await fleet?.stop();
    await service?.close();
    for (const file of [database, `${database}-wal`, `${database}-shm`])
      rmSync(file, { force: true });
  }
}

/**
 * Loads what is needed only once workers answer, the report included. That takes about as long as a
 * worker takes to start, so nobody waits for it.
 */
function loadAhead() {
  return Promise.all([
    import('./live-phase.ts'),
    import('./phase-record.ts'),
    import('./publish.ts'),
    import('undici'),
  ]);
}

/** Aborted once a process dies that the lab started and nobody killed. */
function failureOf(...parts: readonly (Pick<Fleet, 'failure'> | null | undefined)[]): AbortSignal {
  return AbortSignal.any(parts.flatMap((part) => part?.failure ?? []));
}

const NOTICE_MILLIS = 250;

/** Waits a moment for the signal. */
async function noticed(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await delay(NOTICE_MILLIS, undefined, { signal }).catch(() => {});
}

/** Starts the workers of an arm, behind a balancer where its plan needs one. */
export async function startFleet(
  launcher: Launcher,
  plan: ArmPlan,
  { database, address }: { database: string; address: ServiceAddress | undefined },
  context: Pick<ArmContext, 'runFolder' | 'port' | 'python' | 'signal'> & {
    readonly labFolder?: string;
  },
): Promise<Fleet> {
  const fleet: FleetPlan = {
    workers: plan.workers,
    scheduling: plan.scheduling,
    gunicorn: gunicornOf(plan),
    python: context.python,
    settings: {
      runFolder: context.runFolder,
      port: context.port,
      backend: plan.backend,
      service: address,
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
      labFolder: context.labFolder ?? context.runFolder,
    },
  };
  const byKey = plan.routing === 'by-key';
  const { servers } = plan;
  if (servers === 1 && !byKey) return launcher.start(fleet, context.signal);
  return startBalanced(launcher, fleet, { servers, byKey }, context.signal);
}

function gunicornOf({ gunicornClass, threads }: ArmPlan) {
  return { workerClass: gunicornClass, threads };
}

/** What runs while an arm is measured. */
interface RunningArm {
  readonly plan: ArmPlan;
  readonly fleet: Fleet;
  readonly service: ArmService | null;
  /** Where its entries are, if not in its workers. */
  readonly address: ServiceAddress | undefined;
  readonly workload: Workload;
}

/** The running arm as its scenario studies it; what is seen of each phase is added to `seen`. */
function liveLab(arm: RunningArm, context: ArmContext, seen: PhaseSighting[]): Lab {
  const { plan, fleet, service } = arm;
  const { progress } = context;
  const keyPrefix = arm.address?.keyPrefix ?? '';
  return {
    plan,
    service,
    async phase(name, act) {
      progress.step(`${name}: reading the workers' counters`);
      const before = await fleet.snapshots();
      const limitMillis = 1_000 * patienceSeconds(plan.connections);
      const { silent, stop } = watchAnswers(fleet, { limitMillis });
      const signal = AbortSignal.any([context.signal, failureOf(fleet, service), silent]);
      const { LivePhase } = await import('./live-phase.ts');
      const live = new LivePhase({ ...arm, name, keyPrefix, progress, signal });
      const started = performance.now();
      const result = await act(live).finally(stop);
      const durationMillis = performance.now() - started;
      signal.throwIfAborted();
      const after = await fleet.snapshots({ keys: true });
      seen.push({ name, live, durationMillis, before, after });
      return result;
    },
  };
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
    ...(plan.launcher === 'gunicorn' && { gunicorn: gunicornOf(plan) }),
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
