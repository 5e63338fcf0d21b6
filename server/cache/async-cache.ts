import type { BackendName } from '../../reports/record/vocabulary.ts';
import type {
  Awaitable,
  Cache,
  CacheOptions,
  EntryInfo,
  KeyOptions,
  Lookup,
  StoreOptions,
} from './cache.ts';
import type { EntryStore, Found } from './entry-store.ts';
import { CacheServiceError, MissingKeyError } from './errors.ts';
import { checkedPairs, KeyMaker, mustBeKeys } from './key.ts';
import {
  type CompleteOptions,
  chosenTimeout,
  chosenVersion,
  completeOptions,
  mustBeDelta,
} from './options.ts';
import { CacheStats, newCounter } from './stats.ts';

/**
 * A cache whose entries are elsewhere, mostly in a service that all processes share. It differs
 * from local memory in this:
 * - Everything is asynchronous, and the time is the service's: the option `clock` means nothing.
 * - `maxEntries` and `cullFrequency` mean nothing either; the service has limits of its own.
 * - Why a key is missing nobody knows, so every miss is `cold`. Of the counters only lookups,
 *   stores and deletions are kept: what a store created and the service dropped it does not tell.
 * - When the service fails, lookups count an `error` and give what a missing key gives; `set`,
 *   `add`, `touch`, `delete`, `incr` and their kin reject with a {@link CacheServiceError}.
 * - `clear` removes the keys that begin with the cache's prefix, and no others.
 */
export abstract class AsyncCache implements Cache {
  readonly backend: BackendName;
  readonly statusName: string;
  readonly #store: EntryStore;
  readonly #options: CompleteOptions;
  readonly #keys: KeyMaker;
  readonly #stats = newCounter();

  constructor(
    backend: BackendName,
    statusName: string,
    options: CacheOptions,
    openStore: (options: CompleteOptions) => EntryStore,
  ) {
    this.backend = backend;
    this.statusName = statusName;
    this.#options = completeOptions(options);
    this.#keys = new KeyMaker(this.#options);
    this.#store = openStore(this.#options);
  }

  get<T = unknown>(key: string, options?: KeyOptions): Awaitable<T | undefined> {
    const made = this.#made(key, options);
    const near = this.#store.near?.(made);
    if (!near) return this.#lookup<T>(made).then(foundValue);
    this.#stats.hits += 1;
    return near.value as T;
  }

  lookup<T = unknown>(key: string, options?: KeyOptions): Awaitable<Lookup<T>> {
    const made = this.#made(key, options);
    const near = this.#store.near?.(made);
    return near ? this.#counted<T>(near) : this.#lookup<T>(made);
  }

  async #lookup<T>(made: string): Promise<Lookup<T>> {
    try {
      return this.#counted<T>(await this.#store.get(made));
    } catch (error) {
      return { outcome: 'error', error: this.#countError(error) };
    }
  }

  async set(key: string, value: unknown, options?: StoreOptions): Promise<void> {
    await this.#set(this.#made(key, options), value, this.#timeout(options));
  }

  async add(key: string, value: unknown, options?: StoreOptions): Promise<boolean> {
    return this.#add(this.#made(key, options), value, this.#timeout(options));
  }

  async getOrSet<T>(
    key: string,
    load: T | (() => Awaitable<T>),
    options?: StoreOptions,
  ): Promise<T> {
    const found = await this.lookup<T>(key, options);
    if (found.outcome === 'hit') return found.value;
    const value = await (typeof load === 'function' ? (load as () => Awaitable<T>)() : load);
    if (found.outcome === 'error') return value;
    return this.#addAndRead(this.#made(key, options), value, this.#timeout(options));
  }

  async touch(key: string, options?: StoreOptions): Promise<boolean> {
    const made = this.#made(key, options);
    const timeout = this.#timeout(options);
    return isOver(timeout) ? this.#store.delete(made) : this.#store.touch(made, timeout);
  }

  async delete(key: string, options?: KeyOptions): Promise<boolean> {
    const deleted = await this.#store.delete(this.#made(key, options));
    if (deleted) this.#stats.deletions += 1;
    return deleted;
  }

  async has(key: string, options?: KeyOptions): Promise<boolean> {
    return this.#store.has(this.#made(key, options));
  }

  async incr(key: string, delta = 1, options?: KeyOptions): Promise<number> {
    const made = this.#made(key, options);
    mustBeDelta(delta);
    const sum = await this.#store.incr(made, delta);
    if (sum === undefined) throw new MissingKeyError('incr', key);
    return sum;
  }

  async decr(key: string, delta = 1, options?: KeyOptions): Promise<number> {
    mustBeDelta(delta);
    return this.incr(key, -delta, options);
  }

  async getMany<T = unknown>(
    keys: readonly string[],
    options?: KeyOptions,
  ): Promise<Map<string, T>> {
    mustBeKeys(keys);
    const wanted = [...keys];
    const made = wanted.map((key) => this.#made(key, options));
    const values = new Map<string, T>();
    if (wanted.length === 0) return values;
    try {
      const found = await this.#store.getMany(made);
      wanted.forEach((key, index) => {
        const one = this.#counted<T>(found[index]);
        if (one.outcome === 'hit') values.set(key, one.value);
      });
    } catch (error) {
      for (const _ of wanted) this.#countError(error);
    }
    return values;
  }

  /** Gives back the keys that the service did not store. */
  async setMany(
    entries: Iterable<readonly [string, unknown]>,
    options?: StoreOptions,
  ): Promise<string[]> {
    const timeout = this.#timeout(options);
    const stores = [...checkedPairs(entries)].map(async ([key, value]) => {
      try {
        await this.#set(this.#made(key, options), value, timeout);
        return [];
      } catch (error) {
        if (error instanceof CacheServiceError) return [key];
        throw error;
      }
    });
    return (await Promise.all(stores)).flat();
  }

  async deleteMany(keys: readonly string[], options?: KeyOptions): Promise<void> {
    mustBeKeys(keys);
    await Promise.all(Array.from(keys, (key) => this.delete(key, options)));
  }

  /** Copies to the other version, with the cache's own timeout, then deletes; in that order. */
  async incrVersion(key: string, delta = 1, options?: KeyOptions): Promise<number> {
    const made = this.#made(key, options);
    const version = chosenVersion(options, this.#options.version) + delta;
    const moved = this.#made(key, { version });
    const found = await this.#store.get(made);
    if (!found) throw new MissingKeyError('incrVersion', key);
    await this.#set(moved, found.value, this.#options.timeout);
    await this.#store.delete(made);
    return version;
  }

  async decrVersion(key: string, delta = 1, options?: KeyOptions): Promise<number> {
    mustBeDelta(delta);
    return this.incrVersion(key, -delta, options);
  }

  clear(): Promise<void> {
    return this.#store.clear();
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  stats(): CacheStats {
    return new CacheStats(this.#stats);
  }

  /** `null` also while the service is away. */
  async entries(): Promise<EntryInfo[] | null> {
    try {
      return await this.#store.entries();
    } catch (error) {
      if (error instanceof CacheServiceError) return null;
      throw error;
    }
  }

  #made(key: string, options: KeyOptions | undefined): string {
    const made = this.#keys.make(key, options);
    this.#store.checkKey?.(made);
    return made;
  }

  #timeout(options: StoreOptions | undefined): number | null {
    return chosenTimeout(options, this.#options.timeout);
  }

  async #set(made: string, value: unknown, timeout: number | null): Promise<void> {
    if (isOver(timeout)) await this.#store.delete(made);
    else await this.#store.set(made, value, timeout);
    this.#stats.sets += 1;
  }

  async #add(made: string, value: unknown, timeout: number | null): Promise<boolean> {
    const added = isOver(timeout)
      ? !(await this.#store.has(made))
      : await this.#store.add(made, value, timeout);
    if (added) this.#stats.sets += 1;
    return added;
  }

  /** The second half of `getOrSet`: another caller may have stored meanwhile, and wins. */
  async #addAndRead<T>(made: string, value: T, timeout: number | null): Promise<T> {
    try {
      if (await this.#add(made, value, timeout)) return value;
      return ((await this.#store.get(made)) as { value: T } | undefined)?.value ?? value;
    } catch (error) {
      if (error instanceof CacheServiceError) return value;
      throw error;
    }
  }

  #counted<T>(found: Found | undefined): Lookup<T> {
    if (!found) {
      this.#stats.missesCold += 1;
      return { outcome: 'miss', reason: 'cold' };
    }
    this.#stats.hits += 1;
    return { outcome: 'hit', value: found.value as T };
  }

  /** Anything but the service's own failure is a defect here, and not to be hidden. */
  #countError(error: unknown): CacheServiceError {
    if (!(error instanceof CacheServiceError)) throw error;
    this.#stats.errors += 1;
    return error;
  }
}

function foundValue<T>(found: Lookup<T>): T | undefined {
  return found.outcome === 'hit' ? found.value : undefined;
}

/** A timeout of 0 or less: the entry is expired at once. */
function isOver(timeout: number | null): timeout is number {
  return timeout !== null && timeout <= 0;
}
