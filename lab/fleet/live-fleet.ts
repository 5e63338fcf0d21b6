import { isRunning, signalTo } from '../../server/running.ts';
import { LabError } from '../console/errors.ts';
import type { Fleet, FleetPlan, WorkerHandle } from './fleet.ts';
import { poll } from './poll.ts';
import { awaitRoster, bootFailure, lastWords, readRoster, snapshotsOf, wordsOf } from './roster.ts';

const WATCH_MILLIS = 50;
/** Ticks of the watch that a launcher has to write down how a worker ended. */
const TICKS_FOR_WORDS = 3;

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
 *
 * @throws as {@link awaitRoster}
 */
export async function liveFleet(
  plan: FleetPlan,
  launched: Launched,
  signal: AbortSignal,
  launchedAt: number,
): Promise<Fleet> {
  const { runFolder, slotsBefore } = plan.settings;
  const limitMillis = startLimitMillis(plan.workers);
  const roster = () => awaitRoster(runFolder, { workers: plan.workers, limitMillis }, signal);
  /** Workers that are being replaced on purpose: their end is no failure. */
  let leaving: ReadonlySet<number> = new Set();
  let present = await roster();
  const startMillis = performance.now() - launchedAt;
  const [first] = await snapshotsOf(present.slice(0, 1));
  const failure = new AbortController();

  let ticks = 0;
  const watch = setInterval(() => {
    const dead = present.find(({ pid }) => !leaving.has(pid) && !isRunning(pid));
    if (!dead) return;
    ticks += 1;
    if (ticks < TICKS_FOR_WORDS && wordsOf(runFolder, dead.slot, slotsBefore) === '') return;
    clearInterval(watch);
    failure.abort(deathOf(dead, lastWords(runFolder, dead.slot, slotsBefore)));
  }, WATCH_MILLIS);
  watch.unref();

  async function replace(gone: readonly WorkerHandle[], act: () => Promise<void>): Promise<void> {
    leaving = new Set(gone.map(({ pid }) => pid));
    const over = new AbortController();
    try {
      await Promise.race([
        act(),
        untilBootFails(runFolder, AbortSignal.any([signal, over.signal])),
      ]);
      await awaitEnd(leaving, limitMillis, signal);
      const found = await roster();
      // Another one that died meanwhile has a successor too, and is not to be forgotten for that.
      const kept = present.filter(({ pid }) => !leaving.has(pid));
      present = found.map((one) => kept.find(({ slot }) => slot === one.slot) ?? one);
    } catch (error) {
      failure.abort(error);
      throw error;
    } finally {
      over.abort();
      leaving = new Set();
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
    reload: () => replace(present, launched.reload),
    async kill(slot) {
      const victim = workerIn(present, slot);
      await replace([victim], async () => signalTo(victim.pid, 'SIGKILL'));
    },
    stop() {
      clearInterval(watch);
      stopped ??= launched.stop().then(() => endWhatIsLeft(runFolder));
      return stopped;
    },
  };
}

/** How long workers may take to start: they share the machine's cores, so more take longer. */
export function startLimitMillis(workers: number): number {
  return 30_000 + 1_000 * workers;
}

/** @throws RangeError if no worker has that slot */
export function workerIn(workers: readonly WorkerHandle[], slot: number): WorkerHandle {
  const worker = workers.find((one) => one.slot === slot);
  if (!worker) throw new RangeError(`there is no worker ${slot}`);
  return worker;
}

/** What a worker's death says to whoever started the run. */
export function deathOf({ slot, pid }: WorkerHandle, words: string): LabError {
  return new LabError(`Worker ${slot} (pid ${pid}) died during the run. ${words}`, {
    remedy:
      'What it wrote tells why. A SIGKILL, or nothing at all, mostly means that the machine is out of memory: use fewer --workers.',
  });
}

/** Rejects with the reason once a worker could not start. */
async function untilBootFails(runFolder: string, signal: AbortSignal): Promise<void> {
  throw await poll(() => bootFailure(runFolder), { signal });
}

/** After the launcher's own stop: nobody is to be there, and no socket of those who were. */
async function endWhatIsLeft(runFolder: string): Promise<void> {
  for (const { pid } of readRoster(runFolder)) signalTo(pid, 'SIGKILL');
  await poll(() => readRoster(runFolder).length === 0);
}

async function awaitEnd(
  pids: ReadonlySet<number>,
  limitMillis: number,
  signal: AbortSignal,
): Promise<void> {
  if (await poll(() => ![...pids].some(isRunning), { limitMillis, signal })) return;
  throw new LabError(
    `Workers that were to be replaced are still running: ${[...pids].join(', ')}.`,
    { remedy: 'Run again; if it stays so, use the other --launcher.' },
  );
}
