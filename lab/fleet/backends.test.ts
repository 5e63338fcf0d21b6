import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Cache, CacheOptions } from '../../server/cache/cache.ts';
import { CacheServiceError } from '../../server/cache/cache-service-error.ts';
import { type Capabilities, describeCacheContract } from '../../server/cache/contract/contract.ts';
import { createCache, loadBackend } from '../../server/cache/index.ts';
import { type PrivateService, startService } from '../services/services.ts';

/*
 * The backends that keep their entries in a service, on real services: here and not beside them,
 * because starting processes is the lab's business.
 */

const runFolder = mkdtempSync(path.join(tmpdir(), 'cache-lab-test-'));
let redis: PrivateService;
let memcached: PrivateService;
beforeAll(async () => {
  for (const backend of ['redis', 'memcached', 'tiered']) await loadBackend(backend);
  [redis, memcached] = await Promise.all([
    startService('redis', { runFolder }),
    startService('memcached', { runFolder }),
  ]);
});
afterAll(async () => {
  await Promise.all([redis?.stop(), memcached?.stop()]);
  rmSync(runFolder, { recursive: true, force: true });
});

let caches = 0;

function open(backend: string, options: CacheOptions = {}): Cache {
  const { location } = backend === 'memcached' ? memcached : redis;
  caches += 1;
  return createCache({ backend, location, keyPrefix: `c${caches}`, ...options });
}

const CAPABILITIES: Capabilities = {
  stores: true,
  expires: 'real time',
  culls: false,
  listsEntries: 'in no order',
  knowsReasons: false,
  countsBelowZero: true,
  takesAnyKey: true,
  keepsTypes: true,
};

describeCacheContract('redis', (options) => open('redis', options), CAPABILITIES);
describeCacheContract('tiered', (options) => open('tiered', options), CAPABILITIES);
describeCacheContract('memcached', (options) => open('memcached', options), {
  ...CAPABILITIES,
  listsEntries: false,
  countsBelowZero: false,
  takesAnyKey: false,
});

describe.each(['redis', 'memcached', 'tiered'])('%s, shared', (backend) => {
  const opened: Cache[] = [];
  const pair = (options: CacheOptions = {}): [Cache, Cache] => {
    const keyPrefix = `pair${opened.length}-${backend}`;
    const both: [Cache, Cache] = [
      open(backend, { keyPrefix, ...options }),
      open(backend, { keyPrefix, ...options }),
    ];
    opened.push(...both);
    return both;
  };
  afterEach(async () => {
    for (const cache of opened.splice(0)) await cache.close();
  });

  it('gives one process what another stored', async () => {
    const [one, other] = pair();
    await one.set('user_123', { name: 'Ada', since: new Date(7) });
    expect(await other.lookup('user_123')).toEqual({
      outcome: 'hit',
      value: { name: 'Ada', since: new Date(7) },
    });
  });

  it('lets one add win, of many at the same time', async () => {
    const [one, other] = pair();
    const added = await Promise.all(
      Array.from({ length: 40 }, (_, i) => (i % 2 ? one : other).add('lock', i)),
    );
    expect(added.filter(Boolean)).toHaveLength(1);
  });

  it('loses no count, of many at the same time', async () => {
    const [one, other] = pair();
    await one.set('n', 0);
    await Promise.all(Array.from({ length: 200 }, (_, i) => (i % 2 ? one : other).incr('n')));
    await vi.waitFor(async () => expect(await other.get('n')).toBe(200));
  });

  it('shows every process a change soon, and a removal too', async () => {
    const [one, other] = pair();
    await one.set('k', 'old');
    expect(await other.get('k')).toBe('old');
    await one.set('k', 'new');
    await vi.waitFor(async () => expect(await other.get('k')).toBe('new'));
    await one.delete('k');
    await vi.waitFor(async () => expect(await other.get('k')).toBeUndefined());
  });

  it('clears its own prefix and leaves every other alone', async () => {
    const [mine] = pair();
    const [others] = pair();
    const odd = open(backend, { keyPrefix: 'odd*[x]?' });
    opened.push(odd);
    for (const cache of [mine, others, odd]) await cache.set('k', 'v');
    await mine.clear();
    expect(await mine.get('k')).toBeUndefined();
    expect(await others.get('k')).toBe('v');
    await odd.clear();
    expect(await odd.get('k')).toBeUndefined();
    expect(await others.get('k')).toBe('v');
  });

  it.each(['not JSON at all', '{"cut": "of', 'v8:99:AAAA', ''])(
    'takes %j, left by another program, for a miss',
    async (text) => {
      const [cache] = pair({ keyPrefix: `foreign-${backend}` });
      await writeForeign(backend, `foreign-${backend}:1:k`, text);
      expect(await cache.lookup('k')).toEqual({ outcome: 'miss', reason: 'cold' });
      expect(await cache.stats()).toMatchObject({ lookups: 1, missesCold: 1, errors: 0 });
      await cache.set('k', 'ours');
      expect(await cache.get('k')).toBe('ours');
    },
  );

  it('refuses a location that it cannot use, by name', () => {
    expect(() => open(backend, { location: 'nowhere' })).toThrow(/location.*"nowhere"/);
  });

  it('counts errors, not misses, where nobody answers; stores say so', async () => {
    const location = backend === 'memcached' ? '127.0.0.1:1' : 'unix:///nonexistent/socket';
    const cache = open(backend, { location });
    opened.push(cache);
    const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    expect(await cache.lookup('k')).toMatchObject({ outcome: 'error' });
    expect(await cache.get('k')).toBeUndefined();
    expect(await cache.getMany(['a', 'b'])).toEqual(new Map());
    expect(await cache.getOrSet('k', async () => 'from the origin')).toBe('from the origin');
    expect(await cache.stats()).toMatchObject({ errors: 5, lookups: 0 });
    await expect(cache.set('k', 1)).rejects.toThrow(CacheServiceError);
    await expect(cache.add('k', 1)).rejects.toThrow(CacheServiceError);
    expect(await cache.setMany([['k', 1]])).toEqual(['k']);
    expect(await cache.entries()).toBeNull();
    warning.mockRestore();
  });
});

describe('redis, beside other programs', () => {
  it('takes a list under its key for a miss, and replaces it', async () => {
    const cache = open('redis', { keyPrefix: 'list' });
    redisCommand('RPUSH', 'list:1:k', 'a');
    expect(await cache.lookup('k')).toEqual({ outcome: 'miss', reason: 'cold' });
    await cache.set('k', 1);
    expect(await cache.get('k')).toBe(1);
    await cache.close();
  });

  it('counts with the whole numbers that another program wrote', async () => {
    const cache = open('redis', { keyPrefix: 'count' });
    redisCommand('SET', 'count:1:n', '41');
    expect(await cache.incr('n')).toBe(42);
    await cache.close();
  });
});

describe('memcached', () => {
  it.each(['white space', 'x'.repeat(300), 'é'.repeat(200), 'new\nline', ''])(
    'refuses the key %j before it reaches the server',
    async (key) => {
      const keyFunction = (plain: string) => plain;
      const cache = open('memcached', { keyPrefix: 'p', keyFunction });
      await expect(cache.set(key, 1)).rejects.toThrow(/Memcached refuses the key/);
      await expect(async () => cache.get(key)).rejects.toThrow(RangeError);
      await cache.close();
    },
  );

  it('refuses a value above a megabyte, and goes on', async () => {
    const cache = open('memcached');
    await expect(cache.set('big', 'x'.repeat(2_000_000))).rejects.toThrow(/too large/);
    await cache.set('small', 1);
    expect(await cache.get('small')).toBe(1);
    await cache.close();
  });
});

function redisCommand(...args: string[]): void {
  execFileSync('redis-cli', ['-s', redis.location.replace('unix://', ''), ...args]);
}

async function writeForeign(backend: string, key: string, text: string): Promise<void> {
  if (backend !== 'memcached') return redisCommand('SET', key, text);
  const port = Number(memcached.location.split(':')[1]);
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('data', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
    socket.write(`set ${key} 0 0 ${Buffer.byteLength(text)}\r\n${text}\r\n`);
  });
}
