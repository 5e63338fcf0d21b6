import type { Cache, CacheOptions } from './cache.ts';
import { DummyCache } from './dummy.ts';
import { LocMemCache } from './locmem.ts';
import { show } from './options.ts';

/** One line per backend: its name in the settings, and how to make one. */
const BACKENDS = {
  dummy: (options: CacheOptions) => new DummyCache(options),
  locmem: (options: CacheOptions) => new LocMemCache(options),
} satisfies Record<string, (options: CacheOptions) => Cache>;

export type BackendName = keyof typeof BACKENDS;

/** The names that `backend` may have in the settings. */
export const backendNames = Object.keys(BACKENDS) as BackendName[];

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

/** Makes one cache. A RangeError for a backend that does not exist lists those that do. */
export function createCache(settings: CacheSettings = {}): Cache {
  if (typeof settings !== 'object' || settings === null) {
    throw new TypeError(`The settings of a cache must be an object, not ${show(settings)}.`);
  }
  const { backend = 'locmem', ...options } = settings;
  if (!Object.hasOwn(BACKENDS, backend)) {
    throw new RangeError(
      `There is no cache backend ${show(backend)}. Backends: ${backendNames.join(', ')}.`,
    );
  }
  return BACKENDS[backend as BackendName](options);
}

function namedCache(alias: string, settings: CacheSettings): Cache {
  try {
    return createCache(settings);
  } catch (error) {
    if (error instanceof Error) error.message = `Cache ${show(alias)}: ${error.message}`;
    throw error;
  }
}
