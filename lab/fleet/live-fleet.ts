import { setTimeout as delay } from 'node:timers/promises';
import { isRunning } from '../../server/running.ts';
import { LabError } from '../console/errors.ts';
import type { Fleet, FleetPlan, WorkerHandle } from './fleet.ts';
import { awaitRoster, lastWords, readRoster, snapshotsOf } from './roster.ts';

const WATCH_MILLIS = 50;
const START_LIMIT_MILLIS = 30_000;

/** The parts of a fleet that differ from launcher to launcher. */
export interface Launched {
  /** Replaces the workers one by one; may return before the new ones answer. */
  reload(): Promise<void>;
  /** Ends the processes that were started. */
  stop(): Promise<void>;
}

/**
 * Waits until the launched workers answer and makes the fleet of them. From then on a worker that
 * dies without having been asked to is the end of the run, with its last words.
 */
export async function liveFleet(
  plan: FleetPlan,
  launched: Launched,
  signal: AbortSignal,
  launchedAt: number,
): Promise<Fleet> {
  const { runFolder } = plan.settings;
  const roster = (before: ReadonlySet<number>, stillWanted: AbortSignal) =>
    awaitRoster(runFolder, {
      workers: plan.workers,
      before,
      signal: stillWanted,
      limitMillis: START_LIMIT_MILLIS,
    });
  let present = await roster(new Set(), signal);
  const startMillis = performance.now() - launchedAt;
  const [first] = await snapshotsOf(present.slice(0, 1));
  const failure = new AbortController();
  let watching = true;

  const watch = setInterval(() => {
    const dead = watching && present.find(({ pid }) => !isRunning(pid));
    if (!dead) return;
    clearInterval(watch);
    failure.abort(
      new LabError(
        `Worker ${dead.slot} (pid ${dead.pid}) died during the run. ${lastWords(runFolder, dead.slot, plan.settings.slotsBefore)}`,
        {
          remedy: 'Its last words tell why; if the machine is out of memory, use fewer --workers.',
        },
      ),
    );
  }, WATCH_MILLIS);
  watch.unref();

  /** While workers are replaced on purpose, their end is no failure. */
  async function replacing(gone: readonly WorkerHandle[], act: () => Promise<void>): Promise<void> {
    watching = false;
    try {
      await act();
      const leaving = new Set(gone.map(({ pid }) => pid));
      await awaitEnd(leaving);
      present = await roster(leaving, signal);
    } finally {
      watching = true;
    }
  }

  let stopped: Promise<void> | undefined;
  return {
    host: '127.0.0.1',
    port: first!.port,
    startMillis,
    failure: failure.signal,
    workers: async () => present,
    snapshots: (options) => snapshotsOf(present, options),
    reload: () => replacing(present, launched.reload),
    async kill(slot) {
      const victim = present.find((handle) => handle.slot === slot);
      if (!victim) throw new RangeError(`there is no worker ${slot} to kill`);
      await replacing([victim], async () => void process.kill(victim.pid, 'SIGKILL'));
    },
    stop() {
      clearInterval(watch);
      stopped ??= launched.stop().then(() => endForSure(readRoster(runFolder)));
      return stopped;
    },
  };
}

async function awaitEnd(pids: ReadonlySet<number>): Promise<void> {
  const until = performance.now() + START_LIMIT_MILLIS;
  while ([...pids].some(isRunning)) {
    if (performance.now() > until) {
      throw new LabError(
        `Workers that were to be replaced are still running: ${[...pids].join(', ')}.`,
        {
          remedy: 'Run again; if it stays so, use the other --launcher.',
        },
      );
    }
    await delay(WATCH_MILLIS);
  }
}

/** What is left after the launcher's own stop is killed by its pid. */
function endForSure(left: readonly WorkerHandle[]): void {
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in the meantime.
    }
  }
}
