import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { launchEnvironment, readLaunch } from './launch.ts';
import { passOn } from './pass-on.ts';
import { privateSocketPath, SHUTDOWN } from './protocol.ts';

/*
 * One process with a worker in each of its threads. A thread cannot take over a connection, so
 * this one accepts them all and passes on what they say, each to the next thread in turn.
 */

const STOP_LIMIT_MILLIS = 1_000;

const { settings, workers } = readLaunch();
const running = new Map<number, Worker>();
let stopping = false;
let turn = 0;

const server = await passOn(settings.port, () => {
  const slot = 1 + (turn++ % workers);
  return privateSocketPath(settings.runFolder, slot, process.pid);
});
const { port } = server.address() as AddressInfo;
for (let slot = 1; slot <= workers; slot++) startThread(slot);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
process.on('disconnect', stop);

/** A thread is told the port at which this process listens for it. */
function startThread(slot: number): void {
  const thread = new Worker(path.join(import.meta.dirname, 'worker.ts'), {
    env: launchEnvironment({ workers, slot, settings: { ...settings, port } }),
  });
  running.set(slot, thread);
  thread.once('exit', (code) => gone(slot, code));
}

/** A thread that ends by itself ends them all; the lab hears of it by the end of the process. */
function gone(slot: number, code: number): void {
  running.delete(slot);
  if (code !== 0) process.exitCode = 1;
  if (!stopping) stop();
  if (running.size === 0) process.exit();
}

function stop(): void {
  if (stopping) return;
  stopping = true;
  server.close();
  for (const thread of running.values()) thread.postMessage(SHUTDOWN);
  setTimeout(() => process.exit(), STOP_LIMIT_MILLIS);
}
