import type { MissReason } from './cache.ts';

/** What a cache has done, as plain numbers that can travel as JSON. */
export interface CacheCounts {
  readonly hits: number;
  readonly missesCold: number;
  readonly missesExpired: number;
  readonly missesEvicted: number;
  /** Lookups that failed because the backend did; neither hit nor miss. */
  readonly errors: number;
  /** Stores that happened, new keys and overwrites. */
  readonly sets: number;
  /** Stores that created an entry. */
  readonly created: number;
  /** Entries dropped by culls. */
  readonly evictions: number;
  readonly culls: number;
  /** Expired entries removed when somebody touched them. */
  readonly expirations: number;
  /** Entries removed on purpose: `delete`, `clear`. */
  readonly deletions: number;
}

const COUNT_NAMES = [
  'hits',
  'missesCold',
  'missesExpired',
  'missesEvicted',
  'errors',
  'sets',
  'created',
  'evictions',
  'culls',
  'expirations',
  'deletions',
] as const satisfies readonly (keyof CacheCounts)[];

const MISS_COUNT = {
  cold: 'missesCold',
  expired: 'missesExpired',
  evicted: 'missesEvicted',
} as const satisfies Record<MissReason, keyof CacheCounts>;

/**
 * An immutable snapshot of a cache's counters. A phase of a run is the difference of two.
 * A lookup is a hit or a miss or an error, counted once.
 */
export class CacheStats implements CacheCounts {
  readonly hits: number;
  readonly missesCold: number;
  readonly missesExpired: number;
  readonly missesEvicted: number;
  readonly errors: number;
  readonly sets: number;
  readonly created: number;
  readonly evictions: number;
  readonly culls: number;
  readonly expirations: number;
  readonly deletions: number;

  static readonly zero = new CacheStats({});

  constructor(counts: Partial<CacheCounts>) {
    this.hits = counts.hits ?? 0;
    this.missesCold = counts.missesCold ?? 0;
    this.missesExpired = counts.missesExpired ?? 0;
    this.missesEvicted = counts.missesEvicted ?? 0;
    this.errors = counts.errors ?? 0;
    this.sets = counts.sets ?? 0;
    this.created = counts.created ?? 0;
    this.evictions = counts.evictions ?? 0;
    this.culls = counts.culls ?? 0;
    this.expirations = counts.expirations ?? 0;
    this.deletions = counts.deletions ?? 0;
  }

  get misses(): number {
    return this.missesCold + this.missesExpired + this.missesEvicted;
  }

  get lookups(): number {
    return this.hits + this.misses;
  }

  /** Hits per lookup, or `null` when nothing was looked up. */
  get hitRate(): number | null {
    return this.lookups === 0 ? null : this.hits / this.lookups;
  }

  /** Entries held: all that were created and not removed since. Of a difference: the change. */
  get entries(): number {
    return this.created - this.evictions - this.expirations - this.deletions;
  }

  plus(other: CacheCounts): CacheStats {
    return this.#combined(other, 1);
  }

  minus(other: CacheCounts): CacheStats {
    return this.#combined(other, -1);
  }

  #combined(other: CacheCounts, sign: 1 | -1): CacheStats {
    return new CacheStats(
      Object.fromEntries(COUNT_NAMES.map((name) => [name, this[name] + sign * other[name]])),
    );
  }
}

/** The mutable counters inside a cache. What leaves is a {@link CacheStats}. */
export class StatsCounter {
  hits = 0;
  missesCold = 0;
  missesExpired = 0;
  missesEvicted = 0;
  errors = 0;
  sets = 0;
  created = 0;
  evictions = 0;
  culls = 0;
  expirations = 0;
  deletions = 0;

  miss(reason: MissReason): void {
    this[MISS_COUNT[reason]] += 1;
  }

  snapshot(): CacheStats {
    return new CacheStats(this);
  }
}
