import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CacheOptions } from '../cache.ts';
import { CacheServiceError } from '../errors.ts';
import SqliteCache from './sqlite.ts';

/** What a file does beside the contract: it is shared, it stays, and it has limits of its own. */

let folder: string;
let opened: SqliteCache[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sqlite-'));
});
afterEach(async () => {
  for (const cache of opened.splice(0)) await cache.close();
  rmSync(folder, { recursive: true });
});

function open(options: CacheOptions = {}): SqliteCache {
  const cache = new SqliteCache({ location: path.join(folder, 'cache.sqlite'), ...options });
  opened.push(cache);
  return cache;
}

test('what one process stored another knows, and knows after both have ended', async () => {
  const [one, other] = [open(), open()];
  await one.set('user_123', { name: 'Ada', since: new Date(7) });
  const hit = { outcome: 'hit', value: { name: 'Ada', since: new Date(7) } };
  expect(await other.lookup('user_123')).toEqual(hit);
  for (const cache of [one, other]) await cache.close();
  opened = [];
  expect(await open().lookup('user_123')).toEqual(hit);
});

test('of many at the same time one adds, and every count counts', async () => {
  const caches = [open(), open()];
  const turns = Array.from({ length: 40 }, (_, i) => caches[i % 2]!);
  const added = await Promise.all(turns.map((cache, i) => cache.add('n', i)));
  expect(added.filter(Boolean)).toHaveLength(1);
  await caches[0]!.set('n', 0);
  await Promise.all(turns.map((cache) => cache.incr('n')));
  expect(await caches[1]!.get('n')).toBe(40);
});

test('prefixes keep what is in one file apart', async () => {
  const [mine, theirs] = [open({ keyPrefix: 'mine' }), open({ keyPrefix: 'mine-too' })];
  await mine.set('k', 1);
  await theirs.set('k', 2);
  await mine.clear();
  expect([await mine.get('k'), await theirs.get('k')]).toEqual([undefined, 2]);
  expect((await theirs.entries())!.map(({ key }) => key)).toEqual(['mine-too:1:k']);
});

test('when it is full, what has expired goes first, then what was stored first', async () => {
  let now = 1_000;
  const cache = open({ maxEntries: 4, cullFrequency: 2, clock: () => now });
  const held = async () =>
    (await cache.entries())!
      .map(({ key }) => key.slice(3))
      .sort()
      .join('');
  await cache.set('d', 1, { timeout: 5 });
  for (const key of 'cba') await cache.set(key, 1);
  await cache.set('c', 2);
  now += 5;
  await cache.set('e', 1);
  expect(await held()).toBe('abce');
  await cache.set('f', 1);
  expect(await held()).toBe('cef');
});

test('who cannot write in time fails, and a lookup goes on', async () => {
  const [busy, waiting] = [open(), open({ socketTimeout: 0.02 })];
  await busy.set('k', 1);
  const database = new DatabaseSync(path.join(folder, 'cache.sqlite'));
  database.exec('BEGIN IMMEDIATE');
  await expect(waiting.set('k', 2)).rejects.toThrow(CacheServiceError);
  expect(await waiting.get('k')).toBe(1);
  database.exec('ROLLBACK');
  database.close();
  await waiting.set('k', 2);
  expect(await busy.get('k')).toBe(2);
});
