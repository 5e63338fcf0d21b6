import type { BackendName } from '../../reports/record/vocabulary.ts';
import type { CacheStats, MissReason } from './stats.ts';

/** What a backend may answer with: local memory at once, a service across a socket later. */
export type Awaitable<T> = T | Promise<T>;

/**
 * What one lookup found. `error` is for backends that can fail (a service that is gone): the
 * caller goes on as after a miss, but it is not counted as one.
 */
export type Lookup<T> =
  | { readonly outcome: 'hit'; readonly value: T }
  | { readonly outcome: 'miss'; readonly reason: MissReason }
  | { readonly outcome: 'error'; readonly error: Error };

/** Per-call choice of the version that becomes part of the stored key (default: the cache's). */
export interface KeyOptions {
  readonly version?: number | undefined;
}

/**
 * Per-call choices when storing. `timeout` is in seconds, as in Django: left out → the cache's
 * own; `null` → never expires; 0 or negative → expired at once.
 */
export interface StoreOptions extends KeyOptions {
  readonly timeout?: number | null | undefined;
}

/** How to make a cache; names, meanings and defaults are Django's. */
export interface CacheOptions {
  /**
   * Where the entries are. Local memory: caches of one process with the same location are one
   * store; default `''`. A service: its address, e.g. `redis://127.0.0.1:6379`.
   */
  readonly location?: string | undefined;
  /** Seconds until an entry expires unless a call says otherwise; `null`: never. Default 300. */
  readonly timeout?: number | null | undefined;
  /** Entries held before a cull. Default 300. */
  readonly maxEntries?: number | undefined;
  /** A cull drops 1/cullFrequency of the entries; 0 drops all. Default 3. */
  readonly cullFrequency?: number | undefined;
  /** Put before every key. Default `''`. */
  readonly keyPrefix?: string | undefined;
  /** Default version of keys. Default 1. */
  readonly version?: number | undefined;
  /** Makes the stored key. Default `prefix:version:key`. */
  readonly keyFunction?: ((key: string, keyPrefix: string, version: number) => string) | undefined;
  /** The time now, in seconds. Default: the machine's clock. */
  readonly clock?: (() => number) | undefined;
  /** Seconds that a call to a service may take before it has failed. Default 1. */
  readonly socketTimeout?: number | undefined;
}

/** An entry as the control socket and the tests see it, least recently used first. */
export interface EntryInfo {
  readonly key: string;
  /** Seconds on the cache's clock; `null`: never. */
  readonly expiresAt: number | null;
}

/**
 * The contract of a backend: Django's cache interface in TypeScript names. A missing key is
 * `undefined`; a stored `null` comes back as `null`. Values come back as copies: what a caller
 * does to them never reaches the cache.
 *
 * A lookup (`get`, `lookup`, each key of `getMany`, the first half of `getOrSet`) is counted once,
 * here; headers, logs and charts derive from that.
 */
export interface Cache {
  readonly backend: BackendName;
  /** The name this backend uses for itself in a Cache-Status header (RFC 9211), e.g. `LocMem`. */
  readonly statusName: string;
  get<T = unknown>(key: string, options?: KeyOptions): Awaitable<T | undefined>;
  /** As `get`, and says what happened. */
  lookup<T = unknown>(key: string, options?: KeyOptions): Awaitable<Lookup<T>>;
  set(key: string, value: unknown, options?: StoreOptions): Awaitable<void>;
  /** Stores only when the key is missing; says whether it did. */
  add(key: string, value: unknown, options?: StoreOptions): Awaitable<boolean>;
  getOrSet<T>(key: string, load: T | (() => Awaitable<T>), options?: StoreOptions): Awaitable<T>;
  /** Gives the entry a new timeout; says whether it was there. */
  touch(key: string, options?: StoreOptions): Awaitable<boolean>;
  /** Says whether the key was there. */
  delete(key: string, options?: KeyOptions): Awaitable<boolean>;
  has(key: string, options?: KeyOptions): Awaitable<boolean>;
  incr(key: string, delta?: number, options?: KeyOptions): Awaitable<number>;
  decr(key: string, delta?: number, options?: KeyOptions): Awaitable<number>;
  getMany<T = unknown>(keys: readonly string[], options?: KeyOptions): Awaitable<Map<string, T>>;
  /** Returns the keys that could not be stored; empty for local memory. */
  setMany(
    entries: Iterable<readonly [string, unknown]>,
    options?: StoreOptions,
  ): Awaitable<string[]>;
  deleteMany(keys: readonly string[], options?: KeyOptions): Awaitable<void>;
  incrVersion(key: string, delta?: number, options?: KeyOptions): Awaitable<number>;
  decrVersion(key: string, delta?: number, options?: KeyOptions): Awaitable<number>;
  clear(): Awaitable<void>;
  close(): Awaitable<void>;
  /** What happened since the cache was made. */
  stats(): CacheStats;
  /** The entries held, expired ones that nobody touched included; `null` if it cannot be known. */
  entries(): Awaitable<EntryInfo[] | null>;
}
