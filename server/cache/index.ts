import { type BackendName, OWN_BACKEND_NAMES } from '../../reports/record/vocabulary.ts';
import type { Cache, CacheOptions } from './cache.ts';
import { show } from './options.ts';

type BackendClass = new (options: CacheOptions) => Cache;

/**
 * The class that a backend's file exports as its default. Loaded when it is wanted, so that a
 * process carries the client library of no other.
 */
async function loadBackend(name: BackendName): Promise<BackendClass> {
  const file = (await import(`./backends/${name}.ts`)) as { default: BackendClass };
  return file.default;
}

/** How to make one cache: the backend's name, and its options. */
export interface CacheSettings extends CacheOptions {
  /** Default `locmem`. */
  readonly backend?: BackendName | undefined;
}

/**
 * Makes the caches that the settings describe, by alias, as Django's `caches`. With nothing
 * configured there is one, a LocMemCache called `default`.
 *
 * @throws TypeError or RangeError that names the alias and the option, whatever is wrong with them
 */
export async function openCaches(
  settings: Readonly<Record<string, CacheSettings>> = { default: {} },
) {
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
  for (const [alias, one] of Object.entries(settings)) {
    try {
      byAlias.set(alias, await openCache(one));
    } catch (error) {
      if (error instanceof Error) error.message = `Cache ${show(alias)}: ${error.message}`;
      throw error;
    }
  }
  return {
    /** The cache with the alias `default`, which is always there. */
    default: byAlias.get('default')!,
    /** @throws RangeError if there is no cache of that alias */
    get(alias: string): Cache {
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

/**
 * Makes one cache.
 *
 * @throws TypeError or RangeError for a backend that does not exist and for unsound options
 */
export async function openCache(settings: CacheSettings = {}): Promise<Cache> {
  if (typeof settings !== 'object' || settings === null) {
    throw new TypeError(`The settings of a cache must be an object, not ${show(settings)}.`);
  }
  const { backend = 'locmem', ...options } = settings;
  if (!OWN_BACKEND_NAMES.includes(backend)) {
    throw new RangeError(
      `There is no cache backend ${show(backend)}. Backends: ${OWN_BACKEND_NAMES.join(', ')}.`,
    );
  }
  const Backend = await loadBackend(backend);
  return new Backend(options);
}
