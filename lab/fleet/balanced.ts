import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { LabError } from '../console/errors.ts';
import { Child } from './child.ts';
import type { Balancer, BalancerSettings, Fleet, FleetPlan, Launcher } from './fleet.ts';
import { lastWords } from './roster.ts';

export interface Balancing {
  /** The plan's workers are divided evenly among so many servers. */
  readonly servers: number;
  /** The same key always to the same worker; otherwise the servers take turns. */
  readonly byKey: boolean;
}

/**
 * Several servers behind a balancer, as one fleet: each server a fleet of its own, in a folder of
 * its own; slots are counted on from one server to the next. Ends what it began when it fails.
 *
 * @throws what keeps a server from starting, and LabError for a balancer that cannot; RangeError for
 * workers that cannot be divided
 */
export async function startBalanced(
  launcher: Launcher,
  plan: FleetPlan,
  { servers, byKey }: Balancing,
  signal: AbortSignal,
): Promise<Fleet> {
  const launchedAt = performance.now();
  const begun: Promise<Fleet>[] = [];
  let balancer: Balancer | undefined;
  const stop = async () => {
    await balancer?.stop();
    const fleets = await Promise.allSettled(begun);
    await Promise.all(fleets.map((one) => one.status === 'fulfilled' && one.value.stop()));
  };
  try {
    const plans = serverPlans(plan, servers);
    for (const one of plans) begun.push(launcher.start(one, signal));
    const fleets = await Promise.all(begun);
    const settings: BalancerSettings = {
      port: plan.settings.port,
      byKey,
      servers: fleets.map(({ port }, index) => ({
        port,
        runFolder: plans[index]!.settings.runFolder,
      })),
    };
    const { runFolder } = plan.settings;
    balancer = await openBalancerFor(launcher, settings, { runFolder, signal });
    return combined(fleets, balancer, { startMillis: performance.now() - launchedAt, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A balancer before fleets of this launcher; what it writes goes to `runFolder`. */
export async function openBalancerFor(
  launcher: Launcher,
  settings: BalancerSettings,
  { runFolder, signal }: { readonly runFolder: string; readonly signal: AbortSignal },
): Promise<Balancer> {
  return launcher.balance?.(settings) ?? balancerProcess(settings, runFolder, signal);
}

/** The folder of the server of that number, from 1, in the folder of its run. */
export function serverFolder(runFolder: string, server: number): string {
  return path.join(runFolder, `s${server}`);
}

/** One plan for each server: its share of the workers, in a folder of its own, at any free port. */
function serverPlans(plan: FleetPlan, servers: number): FleetPlan[] {
  const workers = plan.workers / servers;
  if (!Number.isInteger(workers)) {
    throw new RangeError(`${plan.workers} workers cannot be divided among ${servers} servers`);
  }
  return Array.from({ length: servers }, (_, index) => {
    const runFolder = serverFolder(plan.settings.runFolder, index + 1);
    mkdirSync(runFolder, { recursive: true, mode: 0o700 });
    const settings = { ...plan.settings, runFolder, port: 0, slotsBefore: index * workers };
    return { ...plan, workers, settings };
  });
}

/** The servers as one fleet; a slot says which server is meant. */
function combined(
  fleets: readonly Fleet[],
  balancer: Balancer,
  own: Pick<Fleet, 'startMillis' | 'stop'>,
): Fleet {
  const failure = new AbortController();
  let stopping: Promise<void> | undefined;
  balancer.ended.catch((error) => {
    if (!stopping) failure.abort(error);
  });
  return {
    host: '127.0.0.1',
    port: balancer.port,
    startMillis: own.startMillis,
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
      throw new RangeError(`there is no worker ${slot}`);
    },
    useServers: (servers) => balancer.use(servers.map((server) => server - 1)),
    stop() {
      stopping ??= own.stop();
      return stopping;
    },
  };
}

/** The balancer in a process of its own. */
async function balancerProcess(
  settings: BalancerSettings,
  runFolder: string,
  signal: AbortSignal,
): Promise<Balancer> {
  let listens = false;
  const child = new Child({
    args: [path.join(import.meta.dirname, 'balancer.ts'), JSON.stringify(settings)],
    log: path.join(runFolder, 'balancer.log'),
    whyEnded: () =>
      listens
        ? new LabError(`The balancer died during the run. ${lastWords(runFolder)}`, {
            remedy: 'Run again.',
          })
        : new LabError(`The balancer could not start. ${lastWords(runFolder)}`, {
            remedy: 'A port that is taken can be changed by --port.',
          }),
  });
  try {
    const port = await child.answer<number>(undefined, signal);
    listens = true;
    return {
      port,
      use: (servers) => child.answer(servers, signal),
      ended: child.ended,
      stop: () => child.stop(),
    };
  } catch (error) {
    await child.stop();
    throw error;
  }
}
