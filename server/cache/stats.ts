/** Why a lookup missed. `cold`: never stored here, or removed on purpose. */
export type MissReason = 'cold' | 'expired' | 'evicted';

/** Counters at zero, which a cache raises. What leaves it is a {@link CacheStats}. */
export const newCounter = () => ({
  hits: 0,
  missesCold: 0,
  missesExpired: 0,
  missesEvicted: 0,
  /** Lookups that failed because the backend did; neither hit nor miss. */
  errors: 0,
  /** Stores that happened, new keys and overwrites. */
  sets: 0,
  /** Stores that created an entry. */
  created: 0,
  /** Entries dropped by culls. */
  evictions: 0,
  culls: 0,
  /** Expired entries removed when somebody touched them. */
  expirations: 0,
  /** Entries removed on purpose: `delete`, `clear`. */
  deletions: 0,
});

/** What a cache has done, as plain numbers that can travel as JSON. */
export type CacheCounts = Readonly<ReturnType<typeof newCounter>>;

const Counts = class {
  constructor(counts: Partial<CacheCounts>) {
    Object.assign(this, newCounter(), counts);
  }
} as new (
  counts: Partial<CacheCounts>,
) => CacheCounts;

/**
 * An immutable snapshot of a cache's counters. A phase of a run is the difference of two.
 * A lookup is a hit or a miss or an error, counted once.
 */
export class CacheStats extends Counts {
  get misses(): number {
    return this.missesCold + this.missesExpired + this.missesEvicted;
  }

  get lookups(): number {
    return this.hits + this.misses;
  }

  /** Entries held: all that were created and not removed since. Of a difference: the change. */
  get entries(): number {
    return this.created - this.evictions - this.expirations - this.deletions;
  }

  /** What was counted since the earlier snapshot. */
  minus(earlier: CacheCounts): CacheStats {
    const names = Object.keys(newCounter()) as (keyof CacheCounts)[];
    return new CacheStats(
      Object.fromEntries(names.map((name) => [name, this[name] - earlier[name]])),
    );
  }
}
