import cluster from 'node:cluster';
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isMainThread, parentPort } from 'node:worker_threads';
import type { FastifyInstance } from 'fastify';
import { buildApp } from './app.ts';
import { openCaches } from './cache/index.ts';
import { cacheSettings } from './cache-settings.ts';
import { buildControl, type WorkerCounters } from './control.ts';
import { drain } from './drain.ts';
import type { WorkerIdentity } from './identity.ts';
import { Journal } from './journal.ts';
import { generateDatabase, openDatabase } from './origin/database.ts';
import {
  bootFailurePath,
  controlSocketPath,
  privateSocketPath,
  readSettings,
  type WorkerSettings,
} from './protocol.ts';
import { isRunning } from './running.ts';

const settings = readSettings();
const worker = identify();
const stop = await start(settings, worker).catch(failToStart);
process.send?.('ready');

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop());
for (const launcher of [process, parentPort]) {
  launcher?.on('message', (message) => {
    if (message === 'shutdown') void stop();
  });
}
if (settings.labPid !== null) endWithTheLab(settings.labPid);

/** Starts this worker: its cache, its app on the shared address, and its two private sockets. */
async function start(
  settings: WorkerSettings,
  worker: WorkerIdentity,
): Promise<() => Promise<void>> {
  if (!existsSync(settings.database)) {
    generateDatabase(settings.database, { users: settings.users, seed: 1 });
  }
  const journal = new Journal();
  const caches = await openCaches(cacheSettings(settings, journal.clock));
  const cache = caches.default;
  const openOrigin = () =>
    openDatabase(settings.database, { delayMillis: settings.originDelayMillis });
  const origin = openOrigin();
  const features = new Map(
    settings.features.map((name) => [
      name,
      { cache: caches.get(name), origin: openOrigin(), worker },
    ]),
  );
  const parts = { cache, origin, worker, journal, features };
  const app = buildApp(parts);
  const counters: WorkerCounters = { port: 0, connections: 0, requests: 0 };
  const count = () => {
    counters.connections += 1;
  };
  app.server.on('connection', count);
  // Counted when it comes: once the client has its response, the counter has it too.
  app.addHook('onRequest', async () => {
    counters.requests += 1;
  });
  const control = buildControl(parts, counters);
  const controlPath = controlSocketPath(settings.runFolder, worker.slot, worker.pid);
  const privatePath = privateSocketPath(settings.runFolder, worker.slot, worker.pid);

  counters.port = isMainThread ? await listenShared(app, settings.port) : settings.port;
  const privateServer = await listenPrivately(app, privatePath);
  // A thread gets its connections over its private socket; the port is that of its process.
  if (!isMainThread) privateServer.on('connection', count);
  await control.ready();
  await listenOnSocket(control.server, controlPath);

  let stopping: Promise<void> | undefined;
  return () => {
    stopping ??= (async () => {
      privateServer.close();
      privateServer.closeAllConnections();
      if (isMainThread) await drain(app.server);
      await Promise.all([app.close(), control.close()]);
      await caches.close();
      for (const one of [origin, ...[...features.values()].map((own) => own.origin)]) one.close();
      for (const socket of [controlPath, privatePath]) rmSync(socket, { force: true });
      process.exit(0);
    })();
    return stopping;
  };
}

/** Leaves word in the run's folder, where the lab looks: under pm2 nobody else would hear of it. */
function failToStart(error: Error): never {
  const file = bootFailurePath(settings.runFolder, worker.slot, worker.pid);
  writeFileSync(file, error.stack ?? String(error));
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
}

/** The slot comes from the launcher: the cluster primary's own variable, or pm2's instance number. */
function identify(): WorkerIdentity {
  const { CACHE_LAB_SLOT: slot, NODE_APP_INSTANCE: instance } = process.env;
  if (slot !== undefined) return { slot: Number(slot), pid: process.pid };
  if (instance !== undefined) {
    return { slot: (settings.slotsBefore ?? 0) + Number(instance) + 1, pid: process.pid };
  }
  return { slot: 1, pid: process.pid };
}

/** At the address that all workers of the fleet share; gives its port. */
async function listenShared(app: FastifyInstance, port: number): Promise<number> {
  await app.listen({ host: '127.0.0.1', port });
  return (app.server.address() as AddressInfo).port;
}

/** The same app, reachable at this one worker: the shared address would pick any. */
async function listenPrivately(app: FastifyInstance, socketPath: string): Promise<Server> {
  await app.ready();
  const server = createServer(app.routing);
  await listenOnSocket(server, socketPath);
  return server;
}

/** `exclusive`: the socket belongs to this worker alone; cluster would share it out. */
async function listenOnSocket(server: Server, socketPath: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path: socketPath, exclusive: true }, resolve);
  });
  chmodSync(socketPath, 0o700);
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
