import cluster, { type Worker } from 'node:cluster';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { readSettings } from './protocol.ts';

/*
 * The node:cluster primary: a process of its own, so that the lab, busy making load, never hands
 * out connections. It forks the workers, replaces the ones that go, and does what the lab asks.
 */

/** What the lab may ask of the primary. */
export type PrimaryRequest = { readonly do: 'reload' } | { readonly do: 'stop' };
/** What the primary tells the lab; that workers are ready the lab hears from the workers. */
export type PrimaryReport = { readonly told: 'reloaded' };

const settings = readSettings();
const wanted = Number(process.env.CACHE_LAB_WORKERS ?? 4);
const kernelChooses = process.env.CACHE_LAB_SCHEDULING === 'none';
const workers = new Map<number, Worker>();
let stopping = false;

cluster.schedulingPolicy = kernelChooses ? cluster.SCHED_NONE : cluster.SCHED_RR;
cluster.setupPrimary({
  exec: path.join(import.meta.dirname, 'worker.ts'),
  // A worker's last words go to its own log, where the lab finds them.
  silent: true,
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
process.on('disconnect', stop);
process.on('message', async (request: PrimaryRequest) => {
  if (request.do === 'stop') stop();
  else {
    await reload();
    report({ told: 'reloaded' });
  }
});

const slotsBefore = settings.slotsBefore ?? 0;
for (let slot = slotsBefore + 1; slot <= slotsBefore + wanted; slot++) void fork(slot);

/** Starts the worker of a slot; done when it listens. */
function fork(slot: number): Promise<Worker> {
  const worker = cluster.fork({ CACHE_LAB_SLOT: String(slot) });
  const log = createWriteStream(path.join(settings.runFolder, `worker-${slot}.log`), {
    flags: 'a',
  });
  worker.process.stdout?.pipe(log, { end: false });
  worker.process.stderr?.pipe(log, { end: false });
  workers.set(slot, worker);
  return new Promise((resolve) => {
    let ready = false;
    worker.on('message', (message) => {
      if (message !== 'ready') return;
      ready = true;
      resolve(worker);
    });
    worker.process.on('close', (code, signal) => {
      log.end(() => gone(slot, worker, { ready, exit: signal ?? `exit code ${code}` }));
    });
  });
}

/** A worker that had started is replaced, as pm2 and systemd do; one that never started ends it all. */
function gone(slot: number, worker: Worker, end: { ready: boolean; exit: string }): void {
  if (stopping) {
    if (Object.keys(cluster.workers ?? {}).length === 0) process.exit();
    return;
  }
  if (!end.ready) {
    process.stderr.write(`Worker ${slot} could not start (${end.exit}).\n`);
    process.exitCode = 1;
    stop();
    return;
  }
  if (workers.get(slot) === worker) void fork(slot);
}

/** One by one: the new worker listens before the old one stops accepting. */
async function reload(): Promise<void> {
  for (const [slot, old] of [...workers]) {
    await fork(slot);
    const gone = new Promise((resolve) => old.once('exit', resolve));
    old.send('shutdown');
    await gone;
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
  }, 1_000);
}

function report(message: PrimaryReport): void {
  process.send?.(message);
}
