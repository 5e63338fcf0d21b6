import { describe, expect, it, vi } from 'vitest';
import { backendNames, createCache, createCaches, loadBackend } from './index.ts';

describe('createCaches', () => {
  it('makes a LocMemCache called default when nothing is configured', () => {
    const caches = createCaches();
    expect(caches.default).toBe(caches.get('default'));
    expect(caches.default.backend).toBe('locmem');
    expect(caches.aliases).toEqual(['default']);
  });

  it('gives each alias its backend and its options', async () => {
    const caches = createCaches({
      default: { backend: 'locmem', location: 'unique-snowflake', keyPrefix: 'a' },
      off: { backend: 'dummy' },
    });
    await caches.default.set('k', 1);
    expect(await caches.default.entries()).toMatchObject([{ key: 'a:1:k' }]);
    expect(caches.get('off').backend).toBe('dummy');
  });

  it('is one store for one location in one process, and another for another', async () => {
    const caches = createCaches({
      default: { location: 'place' },
      same: { location: 'place' },
      other: { location: 'elsewhere' },
    });
    await caches.default.set('k', 'v');
    expect(await caches.get('same').get('k')).toBe('v');
    expect(await caches.get('other').get('k')).toBeUndefined();
  });

  it('shares the store of all caches without a location', async () => {
    await createCaches().default.set('without a location'.replaceAll(' ', '-'), 1);
    expect(await createCache().get('without-a-location')).toBe(1);
  });

  it('says which aliases there are when one is missing', () => {
    const caches = createCaches({ default: {}, pages: {} });
    expect(() => caches.get('session')).toThrow(/no cache called 'session'.*default, pages/);
    expect(() => caches.get('toString')).toThrow(RangeError);
  });

  it('needs a default, a known backend and sound options, and says which cache is wrong', () => {
    expect(() => createCaches({})).toThrow(/called "default"/);
    expect(() => createCaches({ default: {}, pages: { backend: 'redsi' } })).toThrow(
      /Cache 'pages': There is no cache backend 'redsi'. Backends: .*locmem/,
    );
    expect(() => createCaches({ default: { maxEntries: -1 } })).toThrow(
      /Cache 'default'.*maxEntries/,
    );
    expect(() => createCaches(null as never)).toThrow(TypeError);
    expect(() => createCaches({ default: 7 as never })).toThrow(TypeError);
  });

  it('closes them all', async () => {
    const caches = createCaches({ default: {}, off: { backend: 'dummy' } });
    await expect(caches.close()).resolves.toBeUndefined();
  });
});

const SERVICES: Record<string, string> = {
  memcached: '127.0.0.1:1',
  redis: 'redis://127.0.0.1:1',
  tiered: 'redis://127.0.0.1:1',
};

it.each(backendNames)('the backend %s names itself as the registry does', async (backend) => {
  await loadBackend(backend);
  const location = SERVICES[backend];
  const cache = createCache(location === undefined ? { backend } : { backend, location });
  expect(cache.backend).toBe(backend);
  await cache.close();
});

it('says of a backend that is not loaded what to do', async () => {
  vi.resetModules();
  const fresh = await import('./index.ts');
  expect(() => fresh.createCache({ backend: 'redis' })).toThrow(/loadBackend/);
  await expect(fresh.loadBackend('rediss')).rejects.toThrow(/Backends: dummy, locmem/);
  const caches = await fresh.openCaches({ default: { backend: 'dummy' } });
  expect(caches.default.backend).toBe('dummy');
});
