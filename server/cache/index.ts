import type { Cache, CacheOptions } from './cache.ts';
import { DummyCache } from './dummy.ts';
import { LocMemCache } from './locmem.ts';
import { show } from './options.ts';

type BackendClass = new (options: CacheOptions) => Cache;

/**
 * One line per backend: its name in the settings, and how to load it. What needs a client library
 * is loaded when it is wanted, so that a process with a local cache carries none.
 */
const BACKENDS = {
  dummy: () => DummyCache,
  locmem: () => LocMemCache,
  memcached: async () => (await import('./memcached.ts')).MemcachedCache,
  redis: async () => (await import('./redis.ts')).RedisCache,
  tiered: async () => (await import('./tiered.ts')).TieredCache,
} satisfies Record<string, () => BackendClass | Promise<BackendClass>>;

export type BackendName = keyof typeof BACKENDS;

/** The names that `backend` may have in the settings. */
export const backendNames = Object.keys(BACKENDS) as BackendName[];

const loaded = new Map<string, BackendClass>([
  ['dummy', DummyCache],
  ['locmem', LocMemCache],
]);

/** Loads a backend, for `createCache`. A RangeError for one that does not exist lists those that do. */
export async function loadBackend(backend: string): Promise<void> {
  loaded.set(backend, await BACKENDS[known(backend)]());
}

/** How to make one cache: the backend's name, and its options. */
export interface CacheSettings extends CacheOptions {
  /** Default `locmem`. */
  readonly backend?: string | undefined;
}

/** The caches of a process by alias, as Django's `caches`. */
export interface Caches {
  /** The cache with the alias `default`, which is always there. */
  readonly default: Cache;
  readonly aliases: readonly string[];
  /** The cache of that alias. A RangeError if there is none. */
  get(alias: string): Cache;
  /** Closes all of them. */
  close(): Promise<void>;
}

/**
 * Makes the caches that the settings describe, by alias. With nothing configured there is one, a
 * LocMemCache called `default`. Whatever is wrong with the settings is an error now: a TypeError or
 * RangeError that names the alias and the option.
 */
export function createCaches(
  settings: Readonly<Record<string, CacheSettings>> = { default: {} },
): Caches {
  if (typeof settings !== 'object' || settings === null) {
    throw new TypeError(
      `Cache settings must be an object of caches by alias, not ${show(settings)}.`,
    );
  }
  if (!Object.hasOwn(settings, 'default')) {
    throw new RangeError(
      'The cache settings must describe a cache called "default"; add default: { backend: \'locmem\' }.',
    );
  }
  const byAlias = new Map<string, Cache>();
  for (const [alias, one] of Object.entries(settings)) byAlias.set(alias, namedCache(alias, one));
  return {
    default: byAlias.get('default')!,
    aliases: [...byAlias.keys()],
    get(alias) {
      const cache = byAlias.get(alias);
      if (cache) return cache;
      throw new RangeError(
        `There is no cache called ${show(alias)}. Configured: ${[...byAlias.keys()].join(', ')}.`,
      );
    },
    async close() {
      for (const cache of byAlias.values()) await cache.close();
    },
  };
}

/** As `createCaches`, and loads the backends that the settings name first. */
export async function openCaches(
  settings: Readonly<Record<string, CacheSettings>>,
): Promise<Caches> {
  const names = new Set(Object.values(settings).map(({ backend = 'locmem' }) => backend));
  for (const name of names) await loadBackend(name);
  return createCaches(settings);
}

/**
 * Makes one cache. A RangeError for a backend that does not exist lists those that do. `dummy` and
 * `locmem` are always there; the others have to be loaded before, by `loadBackend`.
 */
export function createCache(settings: CacheSettings = {}): Cache {
  if (typeof settings !== 'object' || settings === null) {
    throw new TypeError(`The settings of a cache must be an object, not ${show(settings)}.`);
  }
  const { backend = 'locmem', ...options } = settings;
  const Backend = loaded.get(known(backend));
  if (Backend) return new Backend(options);
  throw new Error(`The cache backend ${show(backend)} is not loaded: await loadBackend first.`);
}

function known(backend: string): BackendName {
  if (Object.hasOwn(BACKENDS, backend)) return backend as BackendName;
  throw new RangeError(
    `There is no cache backend ${show(backend)}. Backends: ${backendNames.join(', ')}.`,
  );
}

function namedCache(alias: string, settings: CacheSettings): Cache {
  try {
    return createCache(settings);
  } catch (error) {
    if (error instanceof Error) error.message = `Cache ${show(alias)}: ${error.message}`;
    throw error;
  }
}
