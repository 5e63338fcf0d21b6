import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Pool } from 'undici';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { type OpenWorker, openWorker, type WorkerPlan } from './open-worker.ts';
import { generateDatabase } from './origin/database.ts';
import {
  controlSocketPath,
  privateSocketPath,
  type WorkerSettings,
  type WorkerSnapshot,
} from './protocol.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'worker-'));
const database = path.join(folder, 'origin.sqlite');
generateDatabase(database, { users: 5, seed: 1, orders: 100 });
afterAll(() => rmSync(folder, { recursive: true }));

const open: OpenWorker[] = [];
afterEach(async () => {
  for (const worker of open.splice(0)) await worker.breakOff().catch(() => {});
});

const plan = (
  change: Partial<WorkerPlan> = {},
  settings: Partial<WorkerSettings> = {},
): WorkerPlan => ({
  worker: { slot: 2, pid: 4711 },
  ownsPort: true,
  settings: {
    runFolder: folder,
    port: 0,
    backend: 'locmem',
    cache: { maxEntries: 300, timeout: 300, cullFrequency: 3 },
    database,
    users: 5,
    originDelayMillis: 0,
    features: [],
    labPid: null,
    ...settings,
  },
  ...change,
});

let places = 0;

/** A worker whose caches no other test has. */
async function start(change: Partial<WorkerPlan> = {}, settings: Partial<WorkerSettings> = {}) {
  places += 1;
  const own = plan({ locationPrefix: `open-worker ${places} `, ...change }, settings);
  const worker = await openWorker(own);
  open.push(worker);
  const { slot, pid } = own.worker;
  const control = controlSocketPath(folder, slot, pid);
  const snapshot = async (route = '/snapshot') =>
    (await ask({ socketPath: control }, route)).json() as Promise<WorkerSnapshot>;
  return { worker, snapshot, control, app: privateSocketPath(folder, slot, pid) };
}

/** One request over a connection of its own. */
async function ask(to: { socketPath: string } | { port: number }, path: string, method = 'GET') {
  const client =
    'port' in to ? new Client(`http://127.0.0.1:${to.port}`) : new Client('http://worker', to);
  try {
    const { body, headers, statusCode } = await client.request({ path, method: method as 'GET' });
    const text = await body.text();
    return { statusCode, headers, json: async () => JSON.parse(text) as unknown };
  } finally {
    await client.destroy();
  }
}

test('it answers on its port and on two private sockets, and says what it counted', async () => {
  const { snapshot, app } = await start();
  const { port, ...before } = await snapshot();
  expect(before).toMatchObject({ slot: 2, pid: 4711, connections: 0, requests: 0, keys: null });
  const kept = new Pool(`http://127.0.0.1:${port}`, { connections: 1 });
  for (const id of [1, 1, 2]) {
    const { body, headers } = await kept.request({ path: `/users/${id}`, method: 'GET' });
    await body.text();
    expect([headers['x-worker'], headers['x-worker-pid']]).toEqual(['2', '4711']);
  }
  await kept.close();
  await ask({ port }, '/users/3');
  // Over its private socket it has the same cache, and no client's connection.
  const { headers } = await ask({ socketPath: app }, '/users/3');
  expect(headers['cache-status']).toBe('LocMem; hit');
  expect(await snapshot('/snapshot?keys')).toMatchObject({
    port,
    connections: 2,
    requests: 5,
    originQueries: 3,
    entries: 3,
    keys: [':1:user_1', ':1:user_2', ':1:user_3'],
    stats: { hits: 2, missesCold: 3 },
  });
});

test('of its memory it tells the whole, and the part that is in use', async () => {
  const { snapshot } = await start();
  const { rssBytes, heapUsedBytes } = await snapshot();
  const { rss, heapUsed } = process.memoryUsage();
  const near = (one: number, other: number) => Math.abs(one / other - 1) < 0.3;
  expect([near(rssBytes, rss), near(heapUsedBytes, heapUsed)]).toEqual([true, true]);
  expect(rssBytes).toBeGreaterThan(heapUsedBytes);
});

test('a request is counted while it is open', async () => {
  const { worker, snapshot } = await start({}, { originDelayMillis: 5_000 });
  const { port } = await snapshot();
  let ended = false;
  const page = ask({ port }, '/users/1').finally(() => {
    ended = true;
  });
  while ((await snapshot()).requests === 0) expect(ended).toBe(false);
  expect(ended).toBe(false);
  // Nobody waits for it to the end.
  await worker.breakOff();
  await expect(page).rejects.toThrow();
});

test('a clear is numbered like what clients do', async () => {
  const { control, app, snapshot } = await start();
  await ask({ socketPath: app }, '/users/1');
  const cleared = await (await ask({ socketPath: control }, '/clear', 'POST')).json();
  expect(cleared).toMatchObject({ slot: 2, pid: 4711, sequence: 3 });
  const { headers } = await ask({ socketPath: app }, '/users/1');
  expect(headers['x-cache-sequence']).toBe('4;stored=5');
  expect((await snapshot()).entries).toBe(1);
});

test('entries that the backend cannot list are unknown, not none', async () => {
  const service = { location: 'unix:///nonexistent/socket', keyPrefix: 'lab' };
  const { snapshot } = await start({}, { backend: 'memcached', service });
  expect(await snapshot('/snapshot?keys')).toMatchObject({ entries: null, keys: null });
});

test('a clear that the service does not do is no success', async () => {
  const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const service = { location: 'unix:///nonexistent/socket', keyPrefix: 'lab' };
  const { control } = await start({}, { backend: 'redis', service });
  const { statusCode } = await ask({ socketPath: control }, '/clear', 'POST');
  expect(statusCode).toBe(500);
  warning.mockRestore();
});

describe('its end', () => {
  test('loses no request on a connection that is kept alive, and leaves no socket', async () => {
    const { worker, snapshot, control, app } = await start();
    const { port } = await snapshot();
    const kept = new Client(`http://127.0.0.1:${port}`);
    await (await kept.request({ path: '/users/1', method: 'GET' })).body.text();
    const closed = worker.close();
    const last = await kept.request({ path: '/users/1', method: 'GET' });
    await last.body.text();
    expect([last.statusCode, last.headers.connection]).toEqual([200, 'close']);
    await closed;
    await kept.destroy();
    expect([control, app].filter((socket) => existsSync(socket))).toEqual([]);
    await expect(ask({ port }, '/users/1')).rejects.toThrow('ECONNREFUSED');
  });

  test('waits for a page that is being loaded, also where somebody else has the port', async () => {
    const { worker, app, snapshot } = await start({ ownsPort: false }, { originDelayMillis: 100 });
    const page = ask({ socketPath: app }, '/users/1');
    while ((await snapshot()).requests === 0);
    await worker.close();
    expect((await page).statusCode).toBe(200);
  });

  test('outright breaks what is being loaded', async () => {
    const { worker, snapshot } = await start({}, { originDelayMillis: 2_000 });
    const { port } = await snapshot();
    const lost = expect(ask({ port }, '/users/1')).rejects.toThrow();
    while ((await snapshot()).requests === 0);
    await worker.breakOff();
    await lost;
  });
});

test('workers of one process have caches of their own by their prefixes, and one without', async () => {
  const hits = async (prefixes: (string | undefined)[]) => {
    const statuses = [];
    for (const locationPrefix of prefixes) {
      const worker = { slot: 1, pid: 100 + open.length };
      const { app } = await start({ worker, locationPrefix: locationPrefix ?? '' });
      statuses.push((await ask({ socketPath: app }, '/users/4')).headers['cache-status']);
    }
    return statuses.map((status) => String(status).includes('hit'));
  };
  expect(await hits(['first ', 'second '])).toEqual([false, false]);
  expect(await hits([undefined, undefined])).toEqual([false, true]);
});

test('a feature has a cache and an origin of its own, which the counters leave out', async () => {
  const { app, snapshot } = await start({}, { features: ['hot-key', 'locations'] });
  expect(await (await ask({ socketPath: app }, '/hot')).json()).toEqual({ outcome: 'loaded' });
  expect(await snapshot()).toMatchObject({ originQueries: 0, entries: 0, stats: { sets: 0 } });
});

test('a port that is taken keeps it from starting', async () => {
  const { snapshot } = await start();
  const { port } = await snapshot();
  const second = start({ worker: { slot: 3, pid: 4712 } }, { port });
  await expect(second).rejects.toThrow('EADDRINUSE');
});
