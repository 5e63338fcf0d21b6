import cluster from 'node:cluster';
import { writeFileSync } from 'node:fs';
import { isMainThread, parentPort } from 'node:worker_threads';
import { removeAbandoned } from './abandoned.ts';
import { readLaunch } from './launch.ts';
import type { OpenWorker } from './open-worker.ts';
import { bootFailurePath, type Launch, READY, SHUTDOWN, type WorkerIdentity } from './protocol.ts';
import { isRunning } from './running.ts';

/*
 * A worker as a process (under node:cluster, pm2 or by hand) or as a thread of one: when it starts,
 * what it does with signals, how it ends.
 */

const launch = launchOrEnd();
const worker = identify(launch);
let open: OpenWorker | undefined;
let stopping = false;

// Before the rest is loaded: the message by which pm2 ends a worker would go unheard until then.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
process.on('exit', () => removeAbandoned(launch.settings));
for (const launcher of [process, parentPort]) {
  launcher?.on('message', (message) => {
    if (message === SHUTDOWN) void stop();
  });
}
const { openWorker } = await import('./open-worker.ts');
open = await openWorker({
  settings: launch.settings,
  worker,
  // A thread gets its connections over its private socket; the port is that of its process.
  ownsPort: isMainThread,
}).catch(failToStart);
if (launch.settings.labPid !== null) endWithTheLab(launch.settings.labPid);
process.send?.(READY);

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await open?.close();
  process.exit(0);
}

/** Started by hand, whatever is wrong is told in a sentence. */
function launchOrEnd(): Launch {
  try {
    return readLaunch();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
}

/** Leaves word in the run's folder, where the lab looks: under pm2 nobody else would hear of it. */
function failToStart(error: Error): never {
  const file = bootFailurePath(launch.settings.runFolder, worker.slot, worker.pid);
  writeFileSync(file, error.stack ?? String(error));
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
}

/** The slot comes from the launcher: what it handed over, or pm2's instance number, from 0. */
function identify({ slot, settings }: Launch): WorkerIdentity {
  const instance = Number(process.env.NODE_APP_INSTANCE ?? 0);
  return { slot: slot ?? (settings.slotsBefore ?? 0) + instance + 1, pid: process.pid };
}

/**
 * A lab that was killed outright cannot stop its fleet, so each worker looks after it. Under pm2
 * a worker that merely exits would be started again: the daemon has to go.
 */
function endWithTheLab(labPid: number): void {
  const watch = setInterval(() => {
    if (isRunning(labPid)) return;
    clearInterval(watch);
    if (cluster.isWorker) process.kill(process.ppid, 'SIGTERM');
    void stop();
  }, 1_000);
  watch.unref();
}
