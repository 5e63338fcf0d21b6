import { LRUCache } from 'lru-cache';
import { AsyncCache } from '../async-cache.ts';
import type { CacheOptions, EntryInfo } from '../cache.ts';
import { restore, type Stored, store } from '../copy.ts';
import type { EntryStore, Found } from '../entry-store.ts';
import type { CompleteOptions } from '../options.ts';
import { type Changed, RedisBus } from '../service/redis-bus.ts';
import { RedisStore } from '../service/redis-store.ts';

/**
 * A near cache in this process's memory, in front of a Redis server that all processes share.
 * `location` is Redis's address, `maxEntries` the size of the near cache. A change is announced to
 * the other processes, which then drop their near copies; until the message arrives they go on
 * giving the old value. Counters, locks (`add`) and `touch` go to Redis itself.
 */
export default class TieredCache extends AsyncCache {
  constructor(options: CacheOptions = {}) {
    super('tiered', 'Tiered', options, (complete) => new TieredStore(complete));
  }
}

class TieredStore implements EntryStore {
  readonly #redis: RedisStore;
  /** Private copies, so that a near hit decodes nothing. */
  readonly #near: LRUCache<string, { readonly value: Stored }>;
  readonly #bus: RedisBus;
  /** Messages so far about what has changed elsewhere. */
  #messages = 0;

  constructor(options: CompleteOptions) {
    this.#redis = new RedisStore(options);
    this.#near = new LRUCache({ max: Math.max(1, options.maxEntries) });
    this.#bus = new RedisBus(options, (changed) => {
      this.#messages += 1;
      this.#forget(changed);
    });
  }

  near(key: string): Found | undefined {
    const entry = this.#near.get(key);
    return entry && { value: restore(entry.value) };
  }

  async get(key: string): Promise<Found | undefined> {
    const near = this.near(key);
    if (near) return near;
    const before = this.#messages;
    const found = await this.#redis.getWithExpiry(key);
    if (!found) return undefined;
    this.#keep(key, store(found.value), found.millisLeft, before);
    return { value: found.value };
  }

  getMany(keys: readonly string[]): Promise<(Found | undefined)[]> {
    return Promise.all(keys.map((key) => this.get(key)));
  }

  async set(key: string, value: unknown, timeout: number | null): Promise<void> {
    const copy = store(value);
    const before = this.#messages;
    await this.#changing([key], () => this.#redis.set(key, value, timeout));
    this.#keep(key, copy, timeout === null ? null : timeout * 1_000, before);
  }

  add(key: string, value: unknown, timeout: number | null): Promise<boolean> {
    return this.#redis.add(key, value, timeout);
  }

  touch(key: string, timeout: number | null): Promise<boolean> {
    return this.#changing([key], () => this.#redis.touch(key, timeout));
  }

  delete(key: string): Promise<boolean> {
    return this.#changing([key], () => this.#redis.delete(key));
  }

  /** Asks Redis: a near copy may be of something that is gone. */
  has(key: string): Promise<boolean> {
    return this.#redis.has(key);
  }

  incr(key: string, delta: number): Promise<number | undefined> {
    return this.#changing([key], () => this.#redis.incr(key, delta));
  }

  clear(): Promise<void> {
    return this.#changing('all', () => this.#redis.clear());
  }

  entries(): Promise<EntryInfo[]> {
    return this.#redis.entries();
  }

  async close(): Promise<void> {
    this.#bus.close();
    await this.#redis.close();
  }

  /** Not if a message came meanwhile: it may have been about this very value. */
  #keep(key: string, value: Stored, millisLeft: number | null, messagesBefore: number): void {
    if (this.#messages !== messagesBefore) return;
    // To lru-cache, 0 is for ever.
    this.#near.set(key, { value }, { ttl: millisLeft === null ? 0 : Math.max(1, millisLeft) });
  }

  #forget(changed: Changed): void {
    if (changed === 'all') this.#near.clear();
    else for (const key of changed) this.#near.delete(key);
  }

  /** First Redis, then the near copies: in the other order an old one could come back in between. */
  async #changing<T>(keys: Changed, change: () => Promise<T>): Promise<T> {
    try {
      return await change();
    } finally {
      this.#forget(keys);
      // Not waited for: where Redis fails, that would cost a second timeout.
      void this.#bus.announce(keys);
    }
  }
}
