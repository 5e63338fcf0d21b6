import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { privateSocketPath, readSettings, SETTINGS_VARIABLE } from './protocol.ts';

/*
 * One process with a worker in each of its threads. A thread cannot take over a connection, so
 * this one accepts them all and passes on what they say, each to the next thread in turn.
 */

const settings = readSettings();
const wanted = Number(process.env.CACHE_LAB_WORKERS ?? 4);
const running = new Map<number, Worker>();
let stopping = false;
let next = 0;

const server = createServer((client) => {
  const slot = 1 + (next++ % wanted);
  passOn(client, connect(privateSocketPath(settings.runFolder, slot, process.pid)));
});
server.listen({ host: '127.0.0.1', port: settings.port }, startThreads);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
process.on('disconnect', stop);

/** The threads are told the port at which this process listens for them. */
function startThreads(): void {
  const { port } = server.address() as AddressInfo;
  for (let slot = 1; slot <= wanted; slot++) {
    const thread = new Worker(path.join(import.meta.dirname, 'worker.ts'), {
      env: {
        ...process.env,
        CACHE_LAB_SLOT: String(slot),
        [SETTINGS_VARIABLE]: JSON.stringify({ ...settings, port }),
      },
    });
    running.set(slot, thread);
    thread.once('exit', (code) => gone(slot, code));
  }
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
  for (const thread of running.values()) thread.postMessage('shutdown');
  setTimeout(() => process.exit(), 1_000);
}

function passOn(client: Socket, thread: Socket): void {
  client.setNoDelay(true);
  client.pipe(thread).pipe(client);
  client.on('error', () => thread.destroy());
  thread.on('error', () => client.destroy());
}
