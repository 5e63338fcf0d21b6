import { BentoCache, bentostore } from 'bentocache';
import { MemoryDriver } from 'bentocache/drivers/memory';
import type { L2CacheDriver } from 'bentocache/types';
import { LRUCache } from 'lru-cache';
import { AsyncCache } from '../async-cache.ts';
import type { CacheOptions, EntryInfo } from '../cache.ts';
import { restore, type Stored, store } from '../copy.ts';
import type { EntryStore, Found } from '../entry-store.ts';
import { CacheServiceError } from '../errors.ts';
import type { CompleteOptions } from '../options.ts';
import { RedisBus } from '../service/redis-bus.ts';
import { RedisStore } from '../service/redis-store.ts';

/**
 * A near cache in this process's memory, in front of a Redis server that all processes share, by
 * bentocache. `location` is Redis's address, `maxEntries` the size of the near cache. A change is
 * announced to the other processes, which then drop their near copies; until the message arrives
 * they go on giving the old value. Counters, locks (`add`) and `touch` go to Redis itself.
 */
export default class TieredCache extends AsyncCache {
  constructor(options: CacheOptions = {}) {
    super('tiered', 'Tiered', options, (complete) => new TieredStore(complete));
  }
}

/** What bentocache keeps of an entry; the value is a private copy, so that a near hit decodes nothing. */
interface Entry {
  readonly value: Stored;
  readonly createdAt: number;
  /** Milliseconds since 1970; `undefined`: never. */
  readonly logicalExpiration: number | undefined;
}

class TieredStore implements EntryStore {
  readonly #redis: RedisStore;
  readonly #near: LRUCache<string, Entry>;
  readonly #bus: RedisBus;
  readonly #bento: ReturnType<typeof openBento>;

  constructor(options: CompleteOptions) {
    this.#redis = new RedisStore(options);
    this.#near = new LRUCache({ max: Math.max(1, options.maxEntries), ttlAutopurge: false });
    this.#bus = new RedisBus(options, () => this.#near.clear());
    this.#bento = openBento(new NearDriver(this.#near), farDriver(this.#redis), this.#bus);
  }

  /** The shortest way to a near copy; bentocache's own `get` takes several times as long. */
  near(key: string): Found | undefined {
    const entry = this.#near.get(key);
    if (!entry) return undefined;
    const { value, logicalExpiration } = entry;
    const isOver = logicalExpiration !== undefined && Date.now() >= logicalExpiration;
    return isOver ? undefined : { value: restore(value) };
  }

  async get(key: string): Promise<Found | undefined> {
    const found = await outOfWrapping(this.#bento.get<Stored>({ key }));
    return found === undefined ? undefined : { value: restore(found) };
  }

  getMany(keys: readonly string[]): Promise<(Found | undefined)[]> {
    return Promise.all(keys.map((key) => this.get(key)));
  }

  async set(key: string, value: unknown, timeout: number | null): Promise<void> {
    const ttl = timeout === null ? null : timeout * 1_000;
    try {
      await outOfWrapping(this.#bento.set({ key, value: store(value), ttl }));
    } catch (error) {
      // Or this process alone would go on with a value that no other has.
      this.#near.delete(key);
      throw error;
    }
  }

  async add(key: string, value: unknown, timeout: number | null): Promise<boolean> {
    return this.#redis.add(key, value, timeout);
  }

  touch(key: string, timeout: number | null): Promise<boolean> {
    return this.#changing(key, () => this.#redis.touch(key, timeout));
  }

  delete(key: string): Promise<boolean> {
    return this.#changing(key, () => this.#redis.delete(key));
  }

  /** Asks Redis: a near copy may be of something that is gone. */
  has(key: string): Promise<boolean> {
    return this.#redis.has(key);
  }

  incr(key: string, delta: number): Promise<number | undefined> {
    return this.#changing(key, () => this.#redis.incr(key, delta));
  }

  async clear(): Promise<void> {
    await this.#redis.clear();
    await outOfWrapping(this.#bento.clear());
  }

  entries(): Promise<EntryInfo[]> {
    return this.#redis.entries();
  }

  async close(): Promise<void> {
    await this.#bento.disconnect();
  }

  /** First Redis, then the near copies: in the other order an old one could come back in between. */
  async #changing<T>(key: string, change: () => Promise<T>): Promise<T> {
    try {
      return await change();
    } finally {
      this.#near.delete(key);
      await this.#bus.announce([key]).catch(() => {});
    }
  }
}

/** bentocache's own near layer, on a store that can be looked into past it. */
class NearDriver extends MemoryDriver {
  readonly #entries: LRUCache<string, Entry>;

  constructor(entries: LRUCache<string, Entry>) {
    super({ cacheInstance: entries as never, prefix: '' });
    this.#entries = entries;
  }

  /** Without a prefix, bentocache would look for keys that begin with a colon. */
  override clear(): void {
    this.#entries.clear();
  }
}

function openBento(near: MemoryDriver, far: L2CacheDriver, bus: RedisBus) {
  const bento = new BentoCache({
    default: 'tiered',
    // The keys are made already.
    prefix: '',
    // An outage is to be seen, and counted, not taken for a miss.
    suppressL2Errors: false,
    // Entries are private copies already; the far driver makes text of them.
    serializer: { serialize: (entry: Entry) => entry as never, deserialize: (entry) => entry },
    stores: {
      tiered: bentostore()
        .useL1Layer({ options: {}, factory: () => near })
        .useL2Layer({ options: {}, factory: () => far })
        .useBus({ options: { retryQueue: { enabled: true, maxSize: 1_000 } }, factory: () => bus }),
    },
  });
  return bento.use('tiered');
}

/**
 * Redis as bentocache sees it: the same keys and texts as the backend `redis` has. As much of it as
 * is asked for: nothing is removed through bentocache but all at once.
 */
function farDriver(redis: RedisStore): L2CacheDriver {
  const driver = {
    type: 'l2' as const,
    async get(key: string): Promise<Entry | undefined> {
      const found = await redis.getWithExpiry(key);
      if (!found) return undefined;
      const now = Date.now();
      const logicalExpiration = found.millisLeft === null ? undefined : now + found.millisLeft;
      return { value: store(found.value), createdAt: now, logicalExpiration };
    },
    async set(key: string, entry: Entry, millis?: number): Promise<boolean> {
      await redis.set(key, restore(entry.value), millis === undefined ? null : millis / 1_000);
      return true;
    },
    clear: () => redis.clear(),
    disconnect: () => redis.close(),
  };
  return driver as unknown as L2CacheDriver;
}

/** bentocache wraps what its far layer throws. */
async function outOfWrapping<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const { cause } = error as Error;
    throw cause instanceof CacheServiceError ? cause : error;
  }
}
