import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { LabError } from '../console/errors.ts';
import {
  BALANCER_VARIABLE,
  type BalancerReport,
  type BalancerSettings,
} from './balancer-settings.ts';
import type { Fleet, FleetPlan, Launcher } from './fleet.ts';
import { stopPrimary } from './primary-process.ts';
import { lastWords } from './roster.ts';

const BALANCER = path.join(import.meta.dirname, 'balancer.ts');

export interface Balancing {
  /** The plan's workers are divided evenly among so many servers. */
  readonly servers: number;
  /** The same key always to the same worker; otherwise the servers take turns. */
  readonly byKey: boolean;
}

/**
 * Several servers behind a balancer, as one fleet: each server a fleet of its own, in a folder of
 * its own; slots are counted on from one server to the next. Ends what it began when it fails.
 */
export async function startBalanced(
  launcher: Launcher,
  plan: FleetPlan,
  balancing: Balancing,
  signal: AbortSignal,
): Promise<Fleet> {
  const launchedAt = performance.now();
  const begun: Promise<Fleet>[] = [];
  let balancer: ChildProcess | undefined;
  const stop = async () => {
    if (balancer) await stopPrimary(balancer);
    const fleets = await Promise.allSettled(begun);
    await Promise.all(fleets.map((one) => one.status === 'fulfilled' && one.value.stop()));
  };
  try {
    const plans = serverPlans(plan, balancing.servers);
    for (const one of plans) begun.push(launcher.start(one, signal));
    const fleets = await Promise.all(begun);
    balancer = spawnBalancer(plan, {
      port: plan.settings.port,
      byKey: balancing.byKey,
      servers: fleets.map(({ port }, index) => ({
        port,
        runFolder: plans[index]!.settings.runFolder,
      })),
    });
    const port = await portOf(balancer, plan);
    return combined(fleets, balancer, { port, startMillis: performance.now() - launchedAt, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One plan for each server: its share of the workers, in a folder of its own, at any free port. */
function serverPlans(plan: FleetPlan, servers: number): FleetPlan[] {
  const workers = plan.workers / servers;
  if (!Number.isInteger(workers)) {
    throw new RangeError(`${plan.workers} workers cannot be divided among ${servers} servers`);
  }
  return Array.from({ length: servers }, (_, index) => {
    const runFolder = path.join(plan.settings.runFolder, `s${index + 1}`);
    mkdirSync(runFolder, { recursive: true, mode: 0o700 });
    const settings = { ...plan.settings, runFolder, port: 0, slotsBefore: index * workers };
    return { ...plan, workers, settings };
  });
}

/** The servers as one fleet; a slot says which server is meant. */
function combined(
  fleets: readonly Fleet[],
  balancer: ChildProcess,
  own: Pick<Fleet, 'port' | 'startMillis' | 'stop'>,
): Fleet {
  const failure = new AbortController();
  let stopping: Promise<void> | undefined;
  balancer.once('exit', () => {
    if (stopping) return;
    failure.abort(new LabError('The balancer died during the run.', { remedy: 'Run again.' }));
  });
  return {
    host: '127.0.0.1',
    ...own,
    failure: AbortSignal.any([failure.signal, ...fleets.map((fleet) => fleet.failure)]),
    workers: async () => (await Promise.all(fleets.map((fleet) => fleet.workers()))).flat(),
    snapshots: async (options) =>
      (await Promise.all(fleets.map((fleet) => fleet.snapshots(options)))).flat(),
    async reload() {
      for (const fleet of fleets) await fleet.reload();
    },
    async kill(slot) {
      for (const fleet of fleets) {
        const workers = await fleet.workers();
        if (workers.some((worker) => worker.slot === slot)) return fleet.kill(slot);
      }
      throw new RangeError(`there is no worker ${slot} to kill`);
    },
    async useServers(servers) {
      const done = reportOf(balancer, 'using');
      balancer.send({ use: servers.map((server) => server - 1) });
      await done;
    },
    stop() {
      stopping ??= own.stop();
      return stopping;
    },
  };
}

function spawnBalancer(plan: FleetPlan, settings: BalancerSettings): ChildProcess {
  const log = openSync(path.join(plan.settings.runFolder, 'balancer.log'), 'a');
  try {
    return spawn(process.execPath, [BALANCER], {
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      env: { ...process.env, [BALANCER_VARIABLE]: JSON.stringify(settings) },
    });
  } finally {
    closeSync(log);
  }
}

/** The port it listens at, or the end of the start with the reason. */
async function portOf(balancer: ChildProcess, plan: FleetPlan): Promise<number> {
  const ended = once(balancer, 'exit').then(() => {
    throw new LabError(`The balancer could not start. ${lastWords(plan.settings.runFolder)}`, {
      remedy: 'A port that is taken can be changed by --port.',
    });
  });
  const { port } = await Promise.race([reportOf(balancer, 'port'), ended]);
  ended.catch(() => {});
  return port;
}

type ReportWith<Field extends string> = Extract<BalancerReport, Record<Field, unknown>>;

/** The next report that has this field. */
function reportOf<Field extends 'port' | 'using'>(
  balancer: ChildProcess,
  field: Field,
): Promise<ReportWith<Field>> {
  return new Promise((resolve) => {
    const listen = (report: BalancerReport) => {
      if (!(field in report)) return;
      balancer.off('message', listen);
      resolve(report as ReportWith<Field>);
    };
    balancer.on('message', listen);
  });
}
