import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildApp } from './app.ts';
import type { Cache } from './cache/cache.ts';
import { CacheServiceError } from './cache/errors.ts';
import { openCache } from './cache/index.ts';
import { Journal } from './journal.ts';
import { generateDatabase, type Origin, openDatabase } from './origin/database.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'app-'));
const database = path.join(folder, 'origin.sqlite');
generateDatabase(database, { users: 5, seed: 1, orders: 500 });
afterAll(() => rmSync(folder, { recursive: true }));

let app: FastifyInstance;
let cache: Cache;
let origin: Origin;
let nowSeconds: number;

beforeEach(async () => {
  nowSeconds = 1_000;
  const journal = new Journal(() => nowSeconds);
  const { clock } = journal;
  cache = await openCache({ location: folder, timeout: 60, maxEntries: 3, clock });
  origin = openDatabase(database);
  app = buildApp({ cache, origin, worker: { slot: 3, pid: 4711 }, journal });
});

afterEach(async () => {
  await app.close();
  await cache.clear();
  origin.close();
});

const get = (id: number | string) => app.inject({ method: 'GET', url: `/users/${id}` });

describe('GET /users/:id', () => {
  test('the first request asks the database, the second does not, and both say so', async () => {
    const first = await get(1);
    const second = await get(1);
    expect(first.json()).toEqual(second.json());
    expect(origin.queries).toBe(1);
    expect(first.headers['cache-status']).toBe('LocMem; fwd=miss; detail=cold; stored');
    expect(second.headers['cache-status']).toBe('LocMem; hit');
    expect(first.headers['server-timing']).toMatch(
      /^cache;dur=[\d.]+, origin;dur=[\d.]+, store;dur=[\d.]+$/,
    );
    expect(second.headers['server-timing']).toMatch(/^cache;dur=[\d.]+$/);
  });

  test('says who answered, and numbers what the cache saw', async () => {
    const headers = [(await get(1)).headers, (await get(1)).headers];
    expect(headers.map((h) => [h['x-worker'], h['x-worker-pid']])).toEqual([
      ['3', '4711'],
      ['3', '4711'],
    ]);
    expect(headers.map((h) => h['x-cache-sequence'])).toEqual(['1;stored=2', '3']);
    expect(headers.map((h) => h['x-cache-time'])).toEqual(['1000;stored=1000', '1000']);
  });

  test('a miss gives its reason: expired, evicted', async () => {
    await get(1);
    nowSeconds += 60;
    expect((await get(1)).headers['cache-status']).toContain('detail=expired');
    // Three entries are held, the fourth makes the least recently used one go.
    for (const id of [2, 3, 4]) await get(id);
    expect((await get(1)).headers['cache-status']).toContain('detail=evicted');
  });

  test('the page is what the database computes', async () => {
    expect((await get(2)).json()).toEqual({ ...(await origin.userPage(2)) });
  });

  test.each(['0', '-1', 'abc', '1.5', '0x10', '1e1', 'Infinity', '1'.repeat(16)])(
    'refuses the id %s',
    async (id) => {
      expect((await get(id)).statusCode).toBe(400);
      expect(origin.queries).toBe(0);
    },
  );

  test('a page that the service could not store is served, and not said to be stored', async () => {
    cache.set = async () => Promise.reject(new CacheServiceError('gone'));
    const { statusCode, headers } = await get(1);
    expect([statusCode, headers['cache-status']]).toEqual([200, 'LocMem; fwd=miss; detail=cold']);
    // Whatever else goes wrong is a defect, and is not passed over.
    cache.set = async () => Promise.reject(new TypeError('out of order'));
    expect((await get(1)).statusCode).toBe(500);
  });

  test('a user that does not exist is not found, and not cached', async () => {
    const { statusCode, headers } = await get(99);
    expect(statusCode).toBe(404);
    expect(headers['cache-status']).toBe('LocMem; fwd=miss; detail=cold');
    expect(cache.stats().entries).toBe(0);
  });
});

describe('PUT /users/:id', () => {
  const put = (id: number, payload: object) =>
    app.inject({ method: 'PUT', url: `/users/${id}`, payload });

  test('writes to the database and drops the page from the cache', async () => {
    await get(1);
    const { headers, ...reply } = await put(1, { name: 'Ada' });
    expect(reply.json()).toEqual({ id: 1, version: 2 });
    expect(headers['x-cache-sequence']).toBe('3');
    const after = await get(1);
    expect(after.json()).toMatchObject({ name: 'Ada', version: 2 });
    expect(after.headers['cache-status']).toContain('fwd=miss; detail=cold');
  });

  test('is answered once the page is gone from the cache, however long that takes', async () => {
    await get(1);
    const drop = cache.delete.bind(cache);
    cache.delete = async (key) => {
      await delay(20);
      return drop(key);
    };
    expect((await put(1, { name: 'Ada' })).statusCode).toBe(200);
    expect(await cache.has('user_1')).toBe(false);
  });

  test('refuses a name that is missing, and a user that does not exist', async () => {
    expect((await put(1, {})).statusCode).toBe(400);
    expect((await put(99, { name: 'Ada' })).statusCode).toBe(404);
  });
});
