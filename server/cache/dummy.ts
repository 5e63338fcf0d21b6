import type { Awaitable, Cache, CacheOptions, KeyOptions, Lookup, StoreOptions } from './cache.ts';
import { checkedPairs, KeyMaker, mustBeKeys, warnIfNotPortable } from './key.ts';
import { MissingKeyError } from './missing-key-error.ts';
import { completeOptions } from './options.ts';
import { type CacheStats, StatsCounter } from './stats.ts';

/**
 * A cache that keeps nothing: every lookup misses, every store succeeds and is forgotten. For
 * running a server as if it had no cache, and the example to start from when adding a backend.
 */
export class DummyCache implements Cache {
  readonly backend = 'dummy';
  readonly statusName = 'Dummy';
  readonly #keys: KeyMaker;
  readonly #stats = new StatsCounter();

  constructor(options: CacheOptions = {}) {
    this.#keys = new KeyMaker(completeOptions(options));
  }

  get(key: string, options?: KeyOptions): undefined {
    this.#check(key, options);
    this.#stats.missesCold += 1;
  }

  lookup(key: string, options?: KeyOptions): Lookup<never> {
    this.get(key, options);
    return { outcome: 'miss', reason: 'cold' };
  }

  set(key: string, _value: unknown, options?: StoreOptions): void {
    this.#check(key, options);
  }

  add(key: string, _value: unknown, options?: StoreOptions): boolean {
    this.#check(key, options);
    return true;
  }

  getOrSet<T>(key: string, load: T | (() => Awaitable<T>), options?: StoreOptions): Awaitable<T> {
    this.get(key, options);
    return typeof load === 'function' ? (load as () => Awaitable<T>)() : load;
  }

  touch(key: string, options?: StoreOptions): boolean {
    return this.has(key, options);
  }

  delete(key: string, options?: KeyOptions): boolean {
    return this.has(key, options);
  }

  has(key: string, options?: KeyOptions): boolean {
    this.#check(key, options);
    return false;
  }

  incr(key: string, _delta?: number, options?: KeyOptions): number {
    this.#check(key, options);
    throw new MissingKeyError('incr', key);
  }

  decr(key: string, _delta?: number, options?: KeyOptions): number {
    return this.incr(key, 0, options);
  }

  getMany<T = unknown>(keys: readonly string[], options?: KeyOptions): Map<string, T> {
    mustBeKeys(keys);
    for (const key of keys) this.get(key, options);
    return new Map();
  }

  setMany(entries: Iterable<readonly [string, unknown]>, options?: StoreOptions): string[] {
    for (const [key, value] of checkedPairs(entries)) this.set(key, value, options);
    return [];
  }

  deleteMany(keys: readonly string[], options?: KeyOptions): void {
    mustBeKeys(keys);
    for (const key of keys) this.delete(key, options);
  }

  incrVersion(key: string, _delta?: number, options?: KeyOptions): number {
    this.#check(key, options);
    throw new MissingKeyError('incrVersion', key);
  }

  decrVersion(key: string, _delta?: number, options?: KeyOptions): number {
    return this.incrVersion(key, 0, options);
  }

  clear(): void {}

  close(): void {}

  stats(): CacheStats {
    return this.#stats.snapshot();
  }

  entries(): [] {
    return [];
  }

  #check(key: string, options: KeyOptions | undefined): void {
    warnIfNotPortable(this.#keys.make(key, options));
  }
}
