import { describe, expect, it } from 'vitest';
import { BACKENDS, OWN_BACKEND_NAMES } from '../../reports/record/vocabulary.ts';
import { openCache, openCaches } from './index.ts';

describe('openCaches', () => {
  it('makes a LocMemCache called default when nothing is configured', async () => {
    const caches = await openCaches();
    expect(caches.default).toBe(caches.get('default'));
    expect(caches.default.backend).toBe('locmem');
    expect(() => caches.get('other')).toThrow(/Configured: default\.$/);
  });

  it('gives each alias its backend and its options', async () => {
    const caches = await openCaches({
      default: { backend: 'locmem', location: 'of its own', keyPrefix: 'a' },
      off: { backend: 'dummy' },
    });
    await caches.default.set('k', 1);
    expect(await caches.default.entries()).toMatchObject([{ key: 'a:1:k' }]);
    expect(caches.get('off').backend).toBe('dummy');
  });

  it('is one store for one location in one process, and another for another', async () => {
    const caches = await openCaches({
      default: { location: 'place' },
      same: { location: 'place' },
      other: { location: 'elsewhere' },
    });
    await caches.default.set('k', 'v');
    expect(await caches.get('same').get('k')).toBe('v');
    expect(await caches.get('other').get('k')).toBeUndefined();
  });

  it('shares the store of all caches without a location', async () => {
    await (await openCaches()).default.set('without a location'.replaceAll(' ', '-'), 1);
    expect(await (await openCache()).get('without-a-location')).toBe(1);
  });

  it('says which aliases there are when one is missing', async () => {
    const caches = await openCaches({ default: {}, pages: {} });
    expect(() => caches.get('session')).toThrow(/no cache called 'session'.*default, pages/);
    expect(() => caches.get('toString')).toThrow(RangeError);
  });

  it('needs a default, a known backend and sound options, and says which cache is wrong', async () => {
    await expect(openCaches({})).rejects.toThrow(/called "default"/);
    await expect(openCaches({ default: {}, pages: { backend: 'redsi' as never } })).rejects.toThrow(
      /Cache 'pages': There is no cache backend 'redsi'. Backends: .*locmem/,
    );
    await expect(openCaches({ default: { maxEntries: -1 } })).rejects.toThrow(
      /Cache 'default'.*maxEntries/,
    );
    await expect(openCaches(null as never)).rejects.toThrow(TypeError);
    await expect(openCaches({ default: 7 as never })).rejects.toThrow(TypeError);
  });

  it('closes them all', async () => {
    const caches = await openCaches({ default: {}, off: { backend: 'dummy' } });
    await expect(caches.close()).resolves.toBeUndefined();
  });
});

const NOWHERE = { memcached: '127.0.0.1:1', redis: 'redis://127.0.0.1:1' };

it.each(OWN_BACKEND_NAMES)(
  'the backend %s has a file, and names itself as flags and records do',
  async (backend) => {
    const { service } = BACKENDS[backend];
    const cache = await openCache({ backend, location: service ? NOWHERE[service] : '' });
    expect(cache.backend).toBe(backend);
    await cache.close();
  },
);

it('says of a backend that does not exist which there are', async () => {
  await expect(openCache({ backend: 'rediss' as never })).rejects.toThrow(
    /Backends: .*dummy, locmem/,
  );
  await expect(openCache({ backend: 'toString' as never })).rejects.toThrow(RangeError);
});
