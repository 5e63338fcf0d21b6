import { chmodSync, existsSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildApp } from './app.ts';
import { type CacheSettings, openCache, openCaches } from './cache/index.ts';
import { buildControl, type WorkerCounters } from './control.ts';
import { drain } from './drain.ts';
import { Journal } from './journal.ts';
import { generateDatabase, openDatabase } from './origin/database.ts';
import {
  controlSocketPath,
  featurePrefix,
  privateSocketPath,
  type WorkerIdentity,
  type WorkerSettings,
} from './protocol.ts';

/** An `import` of node:http also compiles what it has of fetch and WebSocket, 40 ms of each start. */
const { createServer } = process.getBuiltinModule('node:http');

export interface WorkerPlan {
  readonly settings: WorkerSettings;
  readonly worker: WorkerIdentity;
  /**
   * `true`: the worker listens on the shared port by itself, as a process does. `false`: somebody
   * else listens there and passes on what clients say to the worker's private socket.
   */
  readonly ownsPort: boolean;
  /** Put before every LOCATION, where several workers share a process. Default: nothing. */
  readonly locationPrefix?: string | undefined;
}

/** A worker that answers, on its port and on its private sockets. */
export interface OpenWorker {
  /** Takes it out of service without losing a request, and closes all that it has. Only once. */
  close(): Promise<void>;
  /** As when its process is killed: every connection breaks in the middle of whatever it is at. */
  breakOff(): Promise<void>;
}

/**
 * Makes a worker: its cache, its app on the shared address, its counters and its two private
 * sockets. Whoever calls this is the worker's process, or plays it.
 *
 * @throws whatever keeps the worker from starting: a port that is taken, no database, bad settings
 */
export async function openWorker(plan: WorkerPlan): Promise<OpenWorker> {
  const { settings, worker, ownsPort, locationPrefix = '' } = plan;
  if (!existsSync(settings.database)) {
    generateDatabase(settings.database, { users: settings.users, seed: 1 });
  }
  const journal = new Journal();
  const caches = await openCaches(cacheSettings(settings, locationPrefix, journal.clock));
  const origins = [null, ...settings.features].map(() =>
    openDatabase(settings.database, { delayMillis: settings.originDelayMillis }),
  );
  const openLocal = (location: string) => openCache({ location: locationPrefix + location });
  const features = new Map(
    settings.features.map((name, index) => [
      name,
      { cache: caches.get(name), origin: origins[index + 1]!, worker, openLocal },
    ]),
  );
  const parts = { cache: caches.default, origin: origins[0]!, worker, journal, features };
  const app = buildApp(parts);
  const counters: WorkerCounters = { port: settings.port, connections: 0, requests: 0 };
  // Counted when it comes: once the client has its response, the counter has it too.
  app.addHook('onRequest', async () => {
    counters.requests += 1;
  });
  await app.ready();
  const privateServer = createServer(app.routing);
  const shared = ownsPort ? app.server : privateServer;
  shared.on('connection', () => {
    counters.connections += 1;
  });
  const control = buildControl(parts, counters);
  await control.ready();

  if (ownsPort) {
    await app.listen({ host: '127.0.0.1', port: settings.port });
    counters.port = (app.server.address() as AddressInfo).port;
  }
  const { runFolder } = settings;
  const privatePath = privateSocketPath(runFolder, worker.slot, worker.pid);
  const controlPath = controlSocketPath(runFolder, worker.slot, worker.pid);
  await listenOnSocket(privateServer, privatePath);
  // Last, because by this one the lab knows that the worker is there.
  await listenOnSocket(control.server, controlPath);

  const breakOff = async () => {
    for (const server of [app.server, privateServer]) {
      server.close();
      server.closeAllConnections();
    }
    await Promise.all([app.close(), control.close()]);
    await caches.close();
    for (const origin of origins) origin.close();
    for (const socket of [controlPath, privatePath]) rmSync(socket, { force: true });
  };
  return {
    breakOff,
    async close() {
      if (ownsPort) {
        privateServer.close();
        privateServer.closeAllConnections();
      }
      await drain(shared);
      await breakOff();
    },
  };
}

/**
 * The caches of a worker by alias: the one under study, `default`, and one for each feature, under
 * its own name. Each has its entries to itself: in local memory by a location of its own, in a
 * service by a prefix of its own.
 */
function cacheSettings(
  { backend, service, cache, features }: WorkerSettings,
  locationPrefix: string,
  clock: () => number,
): Record<string, CacheSettings> {
  const own = (feature?: string): CacheSettings => {
    const shared = { backend, clock, ...cache };
    if (!service) return { ...shared, location: locationPrefix + (feature ?? '') };
    return { ...shared, ...service, keyPrefix: featurePrefix(service.keyPrefix, feature) };
  };
  return { default: own(), ...Object.fromEntries(features.map((name) => [name, own(name)])) };
}

/** `exclusive`: the socket belongs to this worker alone; cluster would share it out. */
async function listenOnSocket(server: Server, socketPath: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path: socketPath, exclusive: true }, resolve);
  });
  chmodSync(socketPath, 0o700);
}
