import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { buildApp } from '../app.ts';
import type { Cache } from '../cache/cache.ts';
import { serviceLocation, stopServices } from '../cache/contract/services.ts';
import { openCache } from '../cache/index.ts';
import { Journal } from '../journal.ts';
import { generateDatabase, type Origin, openDatabase } from '../origin/database.ts';
import { LIMIT, LOCATIONS } from '../protocol.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'cache-lab-features-'));
const database = path.join(folder, 'origin.sqlite');
generateDatabase(database, { users: 3, seed: 1, orders: 100 });
afterAll(() => rmSync(folder, { recursive: true }));

const open: (FastifyInstance | Origin)[] = [];
let locations = 0;

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** A worker's app that serves one feature, with caches that no other app has. */
async function worker(feature: string, slot = 1, delayMillis = 0, shared?: Cache) {
  const openOrigin = () => {
    const origin = openDatabase(database, { delayMillis });
    open.push(origin);
    return origin;
  };
  const identity = { slot, pid: 4711 };
  locations += 1;
  const own = {
    // Time stands still: nothing expires while a busy machine takes its time.
    cache: shared ?? (await openCache({ location: `${feature} ${locations}`, clock: () => 1_000 })),
    origin: openOrigin(),
    worker: identity,
    openLocal: (location: string) => openCache({ location }),
  };
  const app = buildApp({
    cache: await openCache({ location: `default ${locations}` }),
    origin: openOrigin(),
    worker: identity,
    journal: new Journal(),
    features: new Map([[feature, own]]),
  });
  open.unshift(app);
  return { app, ...own };
}

test('every answer of a feature says who gave it, an error too', async () => {
  const { app } = await worker('sessions', 3);
  for (const request of [
    { method: 'GET', url: '/sessions/page' },
    { method: 'POST', url: '/sessions', payload: { user: '' } },
  ] as const) {
    const { headers } = await app.inject(request);
    expect([headers['x-worker'], headers['x-worker-pid']]).toEqual(['3', '4711']);
    expect(headers['cache-status']).toBeUndefined();
  }
});

test('a worker does not serve what it was not asked to', async () => {
  const { app } = await worker('limited');
  expect((await app.inject('/sessions/page')).statusCode).toBe(404);
});

test('a feature that does not exist is an error that names those that do', async () => {
  const { app } = await worker('tea');
  await expect(app.ready()).rejects.toThrow('There is no feature "tea". Features: counters,');
});

describe('sessions', () => {
  const login = async (app: FastifyInstance) => {
    const reply = await app.inject({ method: 'POST', url: '/sessions', payload: { user: 'Ada' } });
    return String(reply.headers['set-cookie']).split(';', 1)[0]!;
  };
  const page = (app: FastifyInstance, cookie: string) =>
    app.inject({ url: '/sessions/page', headers: { cookie } });

  test('the worker of the login knows the visitor, another one takes the cookie back', async () => {
    const first = await worker('sessions');
    const second = await worker('sessions');
    const cookie = await login(first.app);
    expect((await page(first.app, cookie)).json()).toEqual({ user: 'Ada' });
    const stranger = await page(second.app, cookie);
    expect(stranger.json()).toEqual({ user: null });
    expect(String(stranger.headers['set-cookie'])).toContain('Expires=Thu, 01 Jan 1970');
    expect((await page(first.app, cookie)).json()).toEqual({ user: 'Ada' });
  });

  test('a visitor without a login leaves nothing in the cache', async () => {
    const { app, cache } = await worker('sessions');
    await app.inject('/sessions/page');
    expect(await cache.entries()).toEqual([]);
    await login(app);
    expect(await cache.entries()).toHaveLength(1);
  });

  test('a forged cookie is no login', async () => {
    const { app } = await worker('sessions');
    const cookie = await login(app);
    expect((await page(app, `${cookie.slice(0, -4)}AAAA`)).json()).toEqual({ user: null });
  });
});

test('limited: each client has its own count, and a worker stops at the limit', async () => {
  const { app } = await worker('limited');
  const ask = async (client: string) =>
    (await app.inject({ url: '/limited', headers: { 'x-client': client } })).statusCode;
  const statuses: number[] = [];
  for (let i = 0; i < LIMIT + 2; i++) statuses.push(await ask('a'));
  expect(statuses.filter((status) => status === 200)).toHaveLength(LIMIT);
  expect(statuses.slice(LIMIT)).toEqual([429, 429]);
  expect(await ask('b')).toBe(200);
});

test('limited: a count that workers share is kept for ten minutes', async () => {
  const location = await serviceLocation('redis');
  const shared = await openCache({ backend: 'redis', location, keyPrefix: 'limited' });
  const { app } = await worker('limited', 1, 0, shared);
  try {
    const asked = Date.now() / 1_000;
    expect((await app.inject('/limited')).statusCode).toBe(200);
    const [count] = (await shared.entries())!;
    expect(count!.expiresAt! - asked).toBeGreaterThan(590);
    expect(count!.expiresAt! - asked).toBeLessThan(700);
  } finally {
    await shared.close();
    await stopServices();
  }
});

test('limited: who cannot be counted, because the service is gone, is served', async () => {
  const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const shared = await openCache({ backend: 'redis', location: 'unix:///nonexistent/socket' });
  const { app } = await worker('limited', 1, 0, shared);
  expect((await app.inject('/limited')).statusCode).toBe(200);
  await shared.close();
  warning.mockRestore();
});

describe('counters', () => {
  const post = (app: FastifyInstance, url: string) => app.inject({ method: 'POST', url });

  test('one step loses no update, two steps do', async () => {
    const { app } = await worker('counters');
    const all = (url: string) => Promise.all(Array.from({ length: 60 }, () => post(app, url)));
    await all('/counters/safe');
    expect((await app.inject('/counters/safe')).json()).toEqual({ value: 60 });
    await all('/counters/torn/read-and-write');
    expect((await app.inject('/counters/torn')).json().value).toBeLessThan(60);
  });

  test('a counter never expires', async () => {
    const { app, cache } = await worker('counters');
    await post(app, '/counters/one');
    await post(app, '/counters/other/read-and-write');
    const expiries = (await cache.entries())!.map(({ expiresAt }) => expiresAt);
    expect(expiries).toEqual([null, null]);
  });

  test('the metric counts the visits of this worker and no other', async () => {
    const [first, second] = [await worker('counters'), await worker('counters')];
    for (let i = 0; i < 3; i++) await post(first.app, '/counters/visits');
    for (let i = 0; i < 2; i++) await post(first.app, '/counters/visits/read-and-write');
    expect((await first.app.inject('/metrics')).body).toContain('\nvisits_total 5\n');
    expect((await second.app.inject('/metrics')).body).toContain('\nvisits_total 0\n');
  });
});

describe('hot key', () => {
  const burst = async (app: FastifyInstance, url: string) => {
    const replies = await Promise.all(Array.from({ length: 10 }, () => app.inject(url)));
    return replies.map((reply) => reply.json().outcome as string);
  };

  test('without a lock everybody loads, with one a single request does and the others wait', async () => {
    const { app, origin } = await worker('hot-key', 1, 50);
    expect(new Set(await burst(app, '/hot'))).toEqual(new Set(['loaded']));
    expect(origin.queries).toBe(10);
    const locked = await burst(app, '/hot?lock=true');
    expect(locked.filter((outcome) => outcome === 'loaded')).toHaveLength(1);
    expect(origin.queries).toBe(11);
    expect(await burst(app, '/hot?lock=true')).toEqual(Array(10).fill('found'));
  });

  test('what was stored just before the lock was had is found, and not loaded again', async () => {
    const { app, cache, origin } = await worker('hot-key');
    const add = cache.add.bind(cache);
    cache.add = async (...given) => {
      await cache.set('hot_locked', 'just stored');
      return add(...given);
    };
    expect((await app.inject('/hot?lock=true')).json()).toEqual({ outcome: 'found' });
    expect(origin.queries).toBe(0);
    expect(await cache.has('hot_locked_lock')).toBe(false);
  });

  test('a load that fails gives the lock back', async () => {
    const { app, cache, origin } = await worker('hot-key');
    origin.close();
    open.splice(open.indexOf(origin), 1);
    expect((await app.inject('/hot?lock=true')).statusCode).toBe(500);
    expect(await cache.has('hot_locked_lock')).toBe(false);
  });
});

test('locations: caches with one LOCATION see each other, and so do those without any', async () => {
  const { app } = await worker('locations');
  const names = Object.keys(LOCATIONS);
  for (const [index, name] of names.entries()) {
    const url = `/locations/${encodeURIComponent(name)}/key_${locations}_${index}`;
    expect((await app.inject({ method: 'PUT', url })).statusCode).toBe(200);
    const { seenBy } = (await app.inject(`/locations/key_${locations}_${index}`)).json();
    const location = LOCATIONS[name as keyof typeof LOCATIONS];
    const same = names.filter((one) => LOCATIONS[one as keyof typeof LOCATIONS] === location);
    expect(seenBy).toEqual(same);
  }
  const url = '/locations/nowhere/key';
  expect((await app.inject({ method: 'PUT', url })).statusCode).toBe(400);
});
