import type {
  Awaitable,
  Cache,
  CacheOptions,
  EntryInfo,
  KeyOptions,
  Lookup,
  StoreOptions,
} from '../cache.ts';
import type { Clock } from '../clock.ts';
import { restore, type Stored, store as snapshotOf } from '../copy.ts';
import { MissingKeyError } from '../errors.ts';
import { checkedPairs, KeyMaker, mustBeKeys, warnIfNotPortable } from '../key.ts';
import { type LiveEntry, NEVER } from '../locmem/entry.ts';
import { Store } from '../locmem/store.ts';
import { isPlainName, StoredNames } from '../locmem/stored-name.ts';
import {
  type CompleteOptions,
  chosenTimeout,
  chosenVersion,
  completeOptions,
  mustBeDelta,
  show,
} from '../options.ts';
import { CacheStats, type MissReason } from '../stats.ts';

/**
 * A cache in the memory of this process: Django's LocMemCache, observable for observable.
 *
 * What counts: `get`, `lookup`, each key of `getMany` and the first half of `getOrSet` are lookups
 * and count one hit or one miss. `has`, `touch`, `add`, `incr`, `decr`, `incrVersion` and
 * `decrVersion` look without counting; what they store, expire or delete does count. A miss is
 * `expired` if the entry's time was over, `evicted` if a cull took it before its time, and `cold` if
 * it was never stored, deleted, cleared, or left so long ago that the store forgot (see
 * {@link Store}). A cull that drops nothing is not counted.
 *
 * Caches with the same location are one store, with one recency order and one set of statistics;
 * timeouts, limits and the making of keys are each cache's own.
 *
 * Deliberate differences from Django:
 * - Options that make no sense, and options that do not exist, are errors, not silent defaults;
 *   a fractional `timeout` keeps its fraction.
 * - Keys must be text, versions whole numbers, and timeouts finite numbers or null.
 * - A missing key gives `undefined`, so `undefined` itself cannot be stored. (null can.)
 * - What would lose its class or a part in a copy is an error at `set`; Django pickles instances.
 * - Only numbers can be incremented, not booleans or bigints, and a whole number that would leave
 *   the range of exact numbers is an error.
 * - A key that memcached would refuse is warned about once, not at every use.
 * - `getOrSet` waits when its loader is asynchronous.
 * - Without a `clock` option, stores that come thick and fast share a reading of the clock (see
 *   MachineClock in clock.ts).
 */
export default class LocMemCache implements Cache {
  readonly backend: Cache['backend'] = 'locmem';
  readonly statusName = 'LocMem';
  readonly #options: CompleteOptions;
  readonly #clock: Clock;
  readonly #keys: KeyMaker;
  readonly #store: Store;
  readonly #names: StoredNames;
  /** Keys of the default version are names of the store as they are. */
  readonly #atHome: boolean;

  constructor(options: CacheOptions = {}) {
    this.#options = completeOptions(options);
    this.#clock = this.#options.clock;
    this.#keys = new KeyMaker(this.#options);
    const place = placeAt(this.#options.location, this.#keys.head ?? '');
    this.#store = place.store;
    this.#names = place.names;
    this.#atHome = this.#keys.head === place.names.head;
    this.#store.rememberFor(this.#options.maxEntries);
  }

  get<T = unknown>(key: string, options?: KeyOptions): T | undefined {
    const found = this.#lookup(this.#nameOf(key, options));
    return typeof found === 'string' ? undefined : (restore(found.value) as T);
  }

  lookup<T = unknown>(key: string, options?: KeyOptions): Lookup<T> {
    const found = this.#lookup(this.#nameOf(key, options));
    if (typeof found === 'string') return MISSES[found];
    return { outcome: 'hit', value: restore(found.value) as T };
  }

  set(key: string, value: unknown, options?: StoreOptions): void {
    const name = this.#nameOf(key, options);
    const timeout = chosenTimeout(options, this.#options.timeout);
    this.#put(name, snapshotOf(value), timeout);
  }

  add(key: string, value: unknown, options?: StoreOptions): boolean {
    const name = this.#checkedNameOf(key, options);
    const timeout = chosenTimeout(options, this.#options.timeout);
    // Copied first, as in Django: a value that cannot be stored is an error even when it would not be.
    const snapshot = snapshotOf(value);
    if (this.#store.peek(name, this.#clock)) return false;
    this.#put(name, snapshot, timeout);
    return true;
  }

  getOrSet<T>(key: string, load: () => Promise<T>, options?: StoreOptions): Promise<T>;
  getOrSet<T>(key: string, load: T | (() => T), options?: StoreOptions): T;
  getOrSet<T>(key: string, load: T | (() => Awaitable<T>), options?: StoreOptions): Awaitable<T>;
  getOrSet<T>(key: string, load: T | (() => Awaitable<T>), options?: StoreOptions): Awaitable<T> {
    const name = this.#nameOf(key, options);
    const timeout = chosenTimeout(options, this.#options.timeout);
    const found = this.#lookup(name);
    if (typeof found !== 'string') return restore(found.value) as T;
    const value = typeof load === 'function' ? (load as () => Awaitable<T>)() : load;
    if (isThenable(value)) {
      return Promise.resolve(value).then((late) => this.#addAndRead(name, late, timeout));
    }
    return this.#addAndRead(name, value, timeout);
  }

  touch(key: string, options?: StoreOptions): boolean {
    const name = this.#checkedNameOf(key, options);
    const timeout = chosenTimeout(options, this.#options.timeout);
    const entry = this.#store.peek(name, this.#clock);
    if (!entry) return false;
    entry.expiresAt = this.#expiry(timeout);
    return true;
  }

  delete(key: string, options?: KeyOptions): boolean {
    const name = this.#checkedNameOf(key, options);
    return this.#store.delete(name);
  }

  has(key: string, options?: KeyOptions): boolean {
    const name = this.#checkedNameOf(key, options);
    return this.#store.find(name, this.#clock) !== undefined;
  }

  /** Adds to a number and keeps its expiry. A {@link MissingKeyError} if the key is missing. */
  incr(key: string, delta = 1, options?: KeyOptions): number {
    const name = this.#checkedNameOf(key, options);
    mustBeDelta(delta);
    const entry = this.#store.find(name, this.#clock);
    if (!entry) throw new MissingKeyError('incr', key);
    const { value } = entry;
    if (typeof value !== 'number') {
      throw new TypeError(
        `incr: the key ${show(key)} holds ${show(restore(value))}, not a number.`,
      );
    }
    const sum = value + delta;
    if (Number.isInteger(sum) && !Number.isSafeInteger(sum) && Number.isSafeInteger(value)) {
      throw new RangeError(`incr: ${value} + ${delta} is too large to be exact.`);
    }
    entry.value = sum;
    this.#store.refresh(entry);
    return sum;
  }

  decr(key: string, delta = 1, options?: KeyOptions): number {
    mustBeDelta(delta);
    return this.incr(key, -delta, options);
  }

  getMany<T = unknown>(keys: readonly string[], options?: KeyOptions): Map<string, T> {
    mustBeKeys(keys);
    const found = new Map<string, T>();
    for (const key of keys) {
      const value = this.get<T>(key, options);
      if (value !== undefined) found.set(key, value);
    }
    return found;
  }

  /** Stores one after the other; an error leaves those before it stored, as in Django. */
  setMany(entries: Iterable<readonly [string, unknown]>, options?: StoreOptions): string[] {
    for (const [key, value] of checkedPairs(entries)) this.set(key, value, options);
    return [];
  }

  deleteMany(keys: readonly string[], options?: KeyOptions): void {
    mustBeKeys(keys);
    for (const key of keys) this.delete(key, options);
  }

  /** Moves a value to another version, with the cache's own timeout; gives the new version. */
  incrVersion(key: string, delta = 1, options?: KeyOptions): number {
    mustBeDelta(delta);
    const name = this.#checkedNameOf(key, options);
    const version = chosenVersion(options, this.#options.version) + delta;
    const newName = this.#nameOf(key, { version });
    const entry = this.#store.find(name, this.#clock);
    if (!entry) throw new MissingKeyError('incrVersion', key);
    this.#store.refresh(entry);
    this.#put(newName, entry.value, this.#options.timeout);
    this.#store.delete(name);
    return version;
  }

  decrVersion(key: string, delta = 1, options?: KeyOptions): number {
    mustBeDelta(delta);
    return this.incrVersion(key, -delta, options);
  }

  clear(): void {
    this.#store.clear();
  }

  /** Does nothing: there is no connection, and the entries belong to the location. */
  close(): void {}

  stats(): CacheStats {
    return new CacheStats(this.#store.stats);
  }

  entries(): EntryInfo[] {
    return Array.from(this.#store.entries(), ({ name, expiresAt }) => ({
      key: this.#names.keyOf(name),
      expiresAt: expiresAt === NEVER ? null : expiresAt,
    }));
  }

  /** The name under which the store files this key. */
  #nameOf(key: string, options: KeyOptions | undefined): string {
    // Nearly always a key is its own name, and no text needs to be built.
    if (this.#atHome && typeof key === 'string' && isPlainName(key)) {
      if (options === undefined) return key;
      const { version } = this.#options;
      if (chosenVersion(options, version) === version) return key;
    }
    return this.#names.nameOf(this.#keys.make(key, options));
  }

  #checkedNameOf(key: string, options: KeyOptions | undefined): string {
    const name = this.#nameOf(key, options);
    this.#warnIfNew(name);
    return name;
  }

  #lookup(name: string): LiveEntry | MissReason {
    const found = this.#store.lookup(name, this.#clock);
    if (found === 'cold') this.#warnIfNew(name);
    return found;
  }

  /** Names that the store knows were looked at when they came. */
  #warnIfNew(name: string): void {
    if (!this.#store.knows(name)) warnIfNotPortable(this.#names.keyOf(name));
  }

  #put(name: string, value: Stored, timeout: number | null): void {
    this.#warnIfNew(name);
    const { maxEntries, cullFrequency } = this.#options;
    const { size } = this.#store;
    if (size >= maxEntries) {
      this.#store.cull(cullFrequency === 0 ? size : Math.floor(size / cullFrequency));
    }
    this.#store.put(name, value, this.#expiry(timeout));
  }

  #expiry(timeout: number | null): number {
    return timeout === null ? NEVER : this.#clock.in(timeout);
  }

  /** The second half of `getOrSet`: another caller may have stored meanwhile, and wins. */
  #addAndRead<T>(name: string, value: T, timeout: number | null): T {
    const snapshot = snapshotOf(value);
    if (!this.#store.peek(name, this.#clock)) this.#put(name, snapshot, timeout);
    const entry = this.#store.find(name, this.#clock);
    if (!entry) return value;
    this.#store.refresh(entry);
    return restore(entry.value) as T;
  }
}

const MISSES: Record<MissReason, Lookup<never>> = {
  cold: { outcome: 'miss', reason: 'cold' },
  expired: { outcome: 'miss', reason: 'expired' },
  evicted: { outcome: 'miss', reason: 'evicted' },
};

/** What the caches of one location share. */
interface Place {
  readonly store: Store;
  readonly names: StoredNames;
}

const places = new Map<string, Place>();

/** The first cache of a location decides which head its names go without. */
function placeAt(location: string, head: string): Place {
  let place = places.get(location);
  if (!place) {
    place = { store: new Store(), names: new StoredNames(head) };
    places.set(location, place);
  }
  return place;
}

function isThenable<T>(value: Awaitable<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
