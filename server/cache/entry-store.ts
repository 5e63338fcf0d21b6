import type { EntryInfo } from './cache.ts';

/** A value that was found; `null` and the like are values too. */
export interface Found {
  readonly value: unknown;
}

/**
 * Where the entries of an `AsyncCache` are: the few operations that Redis, Memcached and a
 * near cache before one of them do differently. Keys are made keys, timeouts seconds above 0 or
 * `null` for never. Everything rejects with a `CacheServiceError` when the service fails. What
 * another program left under a key, cut off or of another type, counts as not there.
 */
export interface EntryStore {
  /** @throws RangeError for a made key that the service would refuse; left out: any text will do */
  checkKey?(key: string): void;
  /** What lies at hand in this process, if there is such a place; asked before `get`. */
  near?(key: string): Found | undefined;
  get(key: string): Promise<Found | undefined>;
  getMany(keys: readonly string[]): Promise<(Found | undefined)[]>;
  set(key: string, value: unknown, timeout: number | null): Promise<void>;
  /** Stores only when the key is missing, in one step for all processes; says whether it did. */
  add(key: string, value: unknown, timeout: number | null): Promise<boolean>;
  touch(key: string, timeout: number | null): Promise<boolean>;
  delete(key: string): Promise<boolean>;
  has(key: string): Promise<boolean>;
  /** Adds in one step for all processes, keeping the expiry; `undefined` for a missing key. */
  incr(key: string, delta: number): Promise<number | undefined>;
  /** Removes what this cache's prefix begins. */
  clear(): Promise<void>;
  /** `null` where the service lists no keys. */
  entries(): Promise<EntryInfo[] | null>;
  close(): Promise<void>;
}
