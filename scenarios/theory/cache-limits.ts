import type { KeyIndex } from './key-index.ts';

/** What decides how a cache behaves; names and meanings are Django's. */
export interface CacheLimits {
  readonly maxEntries: number;
  /** `null`: entries never expire; 0 or negative: they are expired as soon as stored. */
  readonly timeoutSeconds: number | null;
  /** A cull drops 1/cullFrequency of the entries; 0 drops all. */
  readonly cullFrequency: number;
  /**
   * `django` (default): a full cache culls a batch before any store. `lru`: it drops the single
   * least recently used entry, and only for a new key.
   */
  readonly policy?: 'django' | 'lru' | undefined;
}

/** How many entries a cull of a full cache drops at once, as in Django: len // CULL_FREQUENCY, or all. */
export function entriesPerCull({
  maxEntries,
  cullFrequency,
}: Pick<CacheLimits, 'maxEntries' | 'cullFrequency'>): number {
  return cullFrequency === 0 ? maxEntries : Math.floor(maxEntries / cullFrequency);
}

/** LocMemCache remembers as many departed entries as it may hold, within these bounds. */
const REMEMBERED_AT_LEAST = 10_000;
const REMEMBERED_AT_MOST = 1_000_000;

/** How many departed entries a cache remembers, to tell evicted and expired from cold. */
export function departedRemembered({ maxEntries }: Pick<CacheLimits, 'maxEntries'>): number {
  return Math.max(REMEMBERED_AT_LEAST, Math.min(maxEntries, REMEMBERED_AT_MOST));
}

/** What a model of a cache may be given besides its limits. */
export interface ModelCacheOptions {
  readonly index?: KeyIndex | undefined;
  /** How many departed entries are remembered, to tell evicted and expired from cold. Default: {@link departedRemembered}. */
  readonly remembered?: number | undefined;
  /** Hears of each entry that a cull, its expiry, `delete` or `clear` removes. */
  readonly onRemove?: ((key: number) => void) | undefined;
}

/** Caches of several sizes that see the same requests. */
export interface RecencyStackOptions {
  /** Entries that each of the caches may hold. */
  readonly sizes: readonly number[];
  /** What they have in common. */
  readonly limits: Omit<CacheLimits, 'maxEntries'>;
  readonly index?: KeyIndex | undefined;
  /** Puts a key into one of 32 groups, whose misses are then counted apart. */
  readonly groupOf?: ((key: number) => number) | undefined;
  /** Whether entries can be overtaken by a write elsewhere, see `overtake`. */
  readonly countsStale?: boolean | undefined;
  /** As if so many requests had come before. Default: 0. */
  readonly requestsBefore?: number | undefined;
}
