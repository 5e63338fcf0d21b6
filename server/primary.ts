import cluster, { type Worker } from 'node:cluster';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { removeAbandoned } from './abandoned.ts';
import { launchEnvironment, readLaunch } from './launch.ts';
import { LAUNCH_VARIABLE, READY, RELOAD, RELOADED, SHUTDOWN } from './protocol.ts';

/*
 * The node:cluster primary: a process of its own, so that the lab, busy making load, never hands
 * out connections. It forks the workers, replaces the ones that go, and does what the lab asks.
 */

const STOP_LIMIT_MILLIS = 1_000;

const launch = readLaunch();
const { runFolder, slotsBefore = 0 } = launch.settings;
const workers = new Map<number, Worker>();
let stopping = false;

cluster.schedulingPolicy = launch.scheduling === 'none' ? cluster.SCHED_NONE : cluster.SCHED_RR;
cluster.setupPrimary({
  exec: path.join(import.meta.dirname, 'worker.ts'),
  // A worker's last words go to its own log, where the lab finds them.
  silent: true,
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
process.on('disconnect', stop);
process.on('exit', () => removeAbandoned(launch.settings));
process.on('message', async (request) => {
  if (request !== RELOAD) return;
  await reload();
  process.send?.(RELOADED);
});

for (let slot = slotsBefore + 1; slot <= slotsBefore + launch.workers; slot++) void fork(slot);

/** Starts the worker of a slot; done when it answers, never if it cannot start: that ends it all. */
function fork(slot: number): Promise<void> {
  const { [LAUNCH_VARIABLE]: handed } = launchEnvironment({ ...launch, slot });
  const worker = cluster.fork({ [LAUNCH_VARIABLE]: handed });
  const log = createWriteStream(path.join(runFolder, `worker-${slot}.log`), { flags: 'a' });
  worker.process.stdout?.pipe(log, { end: false });
  worker.process.stderr?.pipe(log, { end: false });
  workers.set(slot, worker);
  return new Promise((resolve) => {
    let ready = false;
    worker.on('message', (message) => {
      if (message !== READY) return;
      ready = true;
      resolve();
    });
    worker.process.on('close', (code, signal) => {
      const end = signal ?? `exit code ${code}`;
      log.end(signal === null ? '' : `The process was ended by ${signal}.\n`, () =>
        gone(slot, worker, ready ? null : end),
      );
    });
  });
}

/**
 * A worker that had started is replaced, as pm2 and systemd do; one that never started ends it all.
 *
 * @param failure how one ended that never started
 */
function gone(slot: number, worker: Worker, failure: string | null): void {
  if (stopping) {
    if (Object.keys(cluster.workers ?? {}).length === 0) process.exit();
    return;
  }
  if (failure !== null) {
    process.stderr.write(`Worker ${slot} could not start (${failure}).\n`);
    process.exitCode = 1;
    stop();
    return;
  }
  if (workers.get(slot) === worker) void fork(slot);
}

/** One by one: the new worker listens before the old one stops accepting. */
async function reload(): Promise<void> {
  for (const [slot, old] of [...workers]) {
    // From here on, since it may end while its successor starts.
    const ended = new Promise((resolve) => old.once('exit', resolve));
    await fork(slot);
    if (old.isConnected()) old.send(SHUTDOWN);
    if (!old.isDead()) await ended;
  }
}

function stop(): void {
  if (stopping) return;
  stopping = true;
  const running = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
  if (running.length === 0) process.exit();
  for (const worker of running) worker.process.kill('SIGTERM');
  setTimeout(() => {
    for (const worker of running) worker.process.kill('SIGKILL');
    process.exit();
  }, STOP_LIMIT_MILLIS);
}
