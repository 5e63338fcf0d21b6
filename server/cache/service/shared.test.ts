import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { BackendName } from '../../../reports/record/vocabulary.ts';
import type { Cache, CacheOptions } from '../cache.ts';
import { BACKENDS, SHARED_BACKENDS } from '../contract/backends.ts';
import { serviceLocation, stopServices } from '../contract/services.ts';
import { CacheServiceError } from '../errors.ts';

/** What several processes see of a cache that they share, and what other programs do to it. */

const opened: Cache[] = [];
afterEach(async () => {
  for (const cache of opened.splice(0)) await cache.close();
});
afterAll(stopServices);

async function open(backend: BackendName, options: CacheOptions = {}): Promise<Cache> {
  const cache = await BACKENDS.find(({ name }) => name === backend)!.open(options);
  opened.push(cache);
  return cache;
}

describe.each(SHARED_BACKENDS)('$name, shared', ({ name: backend }) => {
  let pairs = 0;
  const pair = async (options: CacheOptions = {}): Promise<[Cache, Cache]> => {
    const keyPrefix = `pair${pairs++}-${backend}`;
    return [
      await open(backend, { keyPrefix, ...options }),
      await open(backend, { keyPrefix, ...options }),
    ];
  };

  it('gives one process what another stored', async () => {
    const [one, other] = await pair();
    await one.set('user_123', { name: 'Ada', since: new Date(7) });
    expect(await other.lookup('user_123')).toEqual({
      outcome: 'hit',
      value: { name: 'Ada', since: new Date(7) },
    });
  });

  it('lets one add win, of many at the same time', async () => {
    const [one, other] = await pair();
    const added = await Promise.all(
      Array.from({ length: 40 }, (_, i) => (i % 2 ? one : other).add('lock', i)),
    );
    expect(added.filter(Boolean)).toHaveLength(1);
  });

  it('loses no count, of many at the same time', async () => {
    const [one, other] = await pair();
    await one.set('n', 0);
    await Promise.all(Array.from({ length: 200 }, (_, i) => (i % 2 ? one : other).incr('n')));
    await vi.waitFor(async () => expect(await other.get('n')).toBe(200));
  });

  it('shows every process a change soon, and a removal too', async () => {
    const [one, other] = await pair();
    await one.set('k', 'old');
    expect(await other.get('k')).toBe('old');
    await one.set('k', 'new');
    await vi.waitFor(async () => expect(await other.get('k')).toBe('new'));
    await one.delete('k');
    await vi.waitFor(async () => expect(await other.get('k')).toBeUndefined());
  });

  it('clears its own prefix and leaves every other alone', async () => {
    const [mine] = await pair();
    const [others] = await pair();
    const odd = await open(backend, { keyPrefix: 'odd*[x]?' });
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
      const [cache] = await pair({ keyPrefix: `foreign-${backend}` });
      await writeForeign(backend, `foreign-${backend}:1:k`, text);
      expect(await cache.lookup('k')).toEqual({ outcome: 'miss', reason: 'cold' });
      expect(await cache.stats()).toMatchObject({ lookups: 1, missesCold: 1, errors: 0 });
      await cache.set('k', 'ours');
      expect(await cache.get('k')).toBe('ours');
    },
  );

  it('refuses a location that it cannot use, by name', async () => {
    await expect(open(backend, { location: 'nowhere' })).rejects.toThrow(/location.*"nowhere"/);
  });

  it('counts errors, not misses, where nobody answers; stores say so', async () => {
    const location = backend === 'memcached' ? '127.0.0.1:1' : 'unix:///nonexistent/socket';
    const cache = await open(backend, { location });
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
    const cache = await open('redis', { keyPrefix: 'list' });
    await redisCommand('RPUSH', 'list:1:k', 'a');
    expect(await cache.lookup('k')).toEqual({ outcome: 'miss', reason: 'cold' });
    await cache.set('k', 1);
    expect(await cache.get('k')).toBe(1);
  });

  it('lists and clears more keys than Redis tells at once', async () => {
    const cache = await open('redis', { keyPrefix: 'many' });
    const keys = Array.from({ length: 1_500 }, (_, i) => `k${i}`);
    for (let at = 0; at < keys.length; at += 500) {
      await cache.setMany(keys.slice(at, at + 500).map((key) => [key, 1]));
    }
    expect(await cache.entries()).toHaveLength(1_500);
    await cache.clear();
    expect(await cache.entries()).toEqual([]);
  });

  it('counts with the whole numbers that another program wrote', async () => {
    const cache = await open('redis', { keyPrefix: 'count' });
    await redisCommand('SET', 'count:1:n', '41');
    expect(await cache.incr('n')).toBe(42);
  });
});

it('tiered forgets its near copies when it may have missed a message', async () => {
  const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const cache = await open('tiered', { keyPrefix: 'missed' });
  // When it first hears messages, it forgets too. Of what another program does, none comes.
  await vi.waitFor(async () => {
    await cache.set('k', 'old');
    await redisCommand('SET', 'missed:1:k', '"new"');
    expect(await cache.get('k')).toBe('old');
  });
  await redisCommand('CLIENT', 'KILL', 'TYPE', 'pubsub');
  await vi.waitFor(async () => expect(await cache.get('k')).toBe('new'));
  warning.mockRestore();
});

it('tiered does not go on alone with a value that Redis did not take', async () => {
  const cache = await open('tiered', { keyPrefix: 'refused' });
  // When it first hears messages, it forgets what it has.
  await vi.waitFor(async () => {
    expect(await redisCommand('PUBSUB', 'CHANNELS', 'refused*')).toContain('refused');
  });
  await cache.set('k', 'old');
  await redisCommand('ACL', 'SETUSER', 'default', '-set');
  try {
    await expect(cache.set('k', 'new')).rejects.toThrow(CacheServiceError);
    expect(await cache.get('k')).toBe('old');
  } finally {
    await redisCommand('ACL', 'SETUSER', 'default', '+set');
  }
});

it('tiered tells the others later what it could not tell them', async () => {
  const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const [writer, reader] = [
    await open('tiered', { keyPrefix: 'untold' }),
    await open('tiered', { keyPrefix: 'untold' }),
  ];
  await vi.waitFor(
    async () => {
      await writer.set('k', 'old');
      expect(await reader.get('k')).toBe('old');
      await redisCommand('SET', 'untold:1:k', '"new"');
      // From here on the reader has heard what there was to hear: its copy stays.
      expect(await reader.get('k')).toBe('old');
    },
    { timeout: 10_000 },
  );
  // The reader's subscription stands; nobody else can do anything.
  await redisCommand('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await expect(writer.set('k', 'lost')).rejects.toThrow(CacheServiceError);
  await redisCommand('SET', 'untold:1:k', '"newer"');
  await vi.waitFor(async () => expect(await reader.get('k')).toBe('newer'));
  warning.mockRestore();
});

describe('memcached', () => {
  it('takes a value whole, wherever it is cut on the way', async () => {
    const cache = await open('memcached', { keyPrefix: 'cut' });
    await cache.set('other', 'small');
    // A socket is read in pieces of 64 KiB: one of these values ends exactly with such a piece.
    for (let missing = 0; missing < 48; missing++) {
      const value = 'x'.repeat(65_536 - missing);
      await cache.set('k', value);
      const [found, other] = await Promise.all([cache.get('k'), cache.get('other')]);
      expect(found === value).toBe(true);
      expect(other).toBe('small');
    }
  });

  it.each(['white space', 'x'.repeat(300), 'é'.repeat(200), 'new\nline', ''])(
    'refuses the key %j before it reaches the server',
    async (key) => {
      const keyFunction = (plain: string) => plain;
      const cache = await open('memcached', { keyPrefix: 'p', keyFunction });
      await expect(cache.set(key, 1)).rejects.toThrow(/Memcached refuses the key/);
      await expect(async () => cache.get(key)).rejects.toThrow(RangeError);
    },
  );

  it('refuses a value above a megabyte, and goes on', async () => {
    const cache = await open('memcached');
    await expect(cache.set('big', 'x'.repeat(2_000_000))).rejects.toThrow(/too large/);
    await cache.set('small', 1);
    expect(await cache.get('small')).toBe(1);
  });
});

async function redisCommand(...args: string[]): Promise<string> {
  const location = await serviceLocation('redis');
  return execFileSync('redis-cli', ['-s', location.replace('unix://', ''), ...args], {
    encoding: 'utf8',
  });
}

async function writeForeign(backend: BackendName, key: string, text: string): Promise<void> {
  if (backend !== 'memcached') {
    await redisCommand('SET', key, text);
    return;
  }
  const location = await serviceLocation('memcached');
  await new Promise<void>((resolve, reject) => {
    const socket = connect(location.replace('unix://', ''));
    socket.once('data', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
    socket.write(`set ${key} 0 0 ${Buffer.byteLength(text)}\r\n${text}\r\n`);
  });
}
