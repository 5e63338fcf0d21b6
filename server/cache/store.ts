import type { EntryInfo, MissReason } from './cache.ts';
import type { Stored } from './copy.ts';
import { StatsCounter } from './stats.ts';

/** Departed entries that every store remembers at least, to tell `evicted` from `cold`. */
const REMEMBERED_AT_LEAST = 10_000;
/** ... and at most, however large the cache, so that the memory for it stays bounded. */
const REMEMBERED_AT_MOST = 1_000_000;

/** Never expires. */
export const NEVER = Number.POSITIVE_INFINITY;
/** Stands in for the value of an entry that was evicted or expired. */
const GONE: unique symbol = Symbol('gone');

/**
 * An entry, or the memory of one that is gone. It is part of exactly one ring: the entries by
 * recency, or the gone ones by the time they left.
 */
export class Entry {
  readonly name: string;
  value: Stored | typeof GONE = GONE;
  /** Seconds on the clock; {@link NEVER}. */
  expiresAt = NEVER;
  older: Entry = this;
  newer: Entry = this;

  constructor(name: string) {
    this.name = name;
  }
}

/** An entry that holds a value. */
export type LiveEntry = Entry & { value: Stored };

/**
 * The entries of one location: found by name, ordered by recency, culled from the least recent
 * end. Keeps the counters, because caches that share the entries share what happens to them.
 *
 * An entry that is evicted or found expired leaves its name behind, so that the next miss can give
 * its reason and the next `put` need not grow the map. As many are remembered as the largest cache
 * of this store may hold entries (but between 10,000 and 1,000,000); beyond that the one that left
 * first is forgotten, and a miss of it counts as cold.
 */
export class Store {
  readonly stats = new StatsCounter();
  readonly #byName = new Map<string, Entry>();
  /** Ring of the live entries; its `newer` is the least recently used. */
  readonly #live = new Entry('');
  /** Ring of the gone entries; its `newer` is the one that left first. */
  readonly #gone = new Entry('');
  #size = 0;
  #remembered = REMEMBERED_AT_LEAST;

  /** Entries held, expired ones that nobody touched included. */
  get size(): number {
    return this.#size;
  }

  /** The entry of that name if it is there and has not expired; an expired one is left alone. */
  peek(name: string, clock: () => number): LiveEntry | undefined {
    const entry = this.#byName.get(name);
    if (entry === undefined || !isLive(entry) || isOver(entry, clock)) return undefined;
    return entry;
  }

  /** As {@link peek}, but an expired entry is removed, as most of Django's operations do. */
  find(name: string, clock: () => number): LiveEntry | undefined {
    const entry = this.#byName.get(name);
    if (entry === undefined || !isLive(entry)) return undefined;
    if (!isOver(entry, clock)) return entry;
    this.#expire(entry);
    return undefined;
  }

  /** Looks an entry up for a reader: counts it once, makes it the most recent, or says why not. */
  lookup(name: string, clock: () => number): LiveEntry | MissReason {
    const entry = this.#byName.get(name);
    if (entry === undefined) {
      this.stats.missesCold += 1;
      return 'cold';
    }
    if (!isLive(entry)) return this.#missGone(entry, clock);
    if (isOver(entry, clock)) {
      this.stats.missesExpired += 1;
      this.#expire(entry);
      return 'expired';
    }
    this.stats.hits += 1;
    this.refresh(entry);
    return entry;
  }

  /** Makes an entry the most recently used. */
  refresh(entry: Entry): void {
    if (this.#live.older === entry) return;
    unlink(entry);
    append(this.#live, entry);
  }

  /** Stores a value under a name, as the most recently used. */
  put(name: string, value: Stored, expiresAt: number): void {
    const { stats } = this;
    stats.sets += 1;
    let entry = this.#byName.get(name);
    if (entry === undefined) {
      entry = new Entry(name);
      this.#byName.set(name, entry);
    }
    if (!isLive(entry)) {
      stats.created += 1;
      this.#size += 1;
    }
    entry.value = value;
    entry.expiresAt = expiresAt;
    this.refresh(entry);
    this.#forget();
  }

  /** Drops that many of the least recently used entries, expired or not. */
  cull(count: number): void {
    if (count === 0) return;
    this.stats.culls += 1;
    this.stats.evictions += count;
    this.#size -= count;
    const first = this.#live.newer;
    let last = first;
    last.value = GONE;
    for (let i = 1; i < count; i += 1) {
      last = last.newer;
      last.value = GONE;
    }
    // The whole run moves from one ring to the other at once.
    this.#live.newer = last.newer;
    last.newer.older = this.#live;
    const end = this.#gone.older;
    end.newer = first;
    first.older = end;
    last.newer = this.#gone;
    this.#gone.older = last;
  }

  /** Removes an entry on purpose; says whether it was there, expired or not. */
  delete(name: string): boolean {
    const entry = this.#byName.get(name);
    if (entry === undefined) return false;
    this.#byName.delete(name);
    unlink(entry);
    if (!isLive(entry)) return false;
    this.stats.deletions += 1;
    this.#size -= 1;
    return true;
  }

  clear(): void {
    this.stats.deletions += this.#size;
    this.#size = 0;
    this.#byName.clear();
    close(this.#live);
    close(this.#gone);
  }

  /** Is this name known, live or gone? */
  knows(name: string): boolean {
    return this.#byName.has(name);
  }

  /** The entries from the least to the most recently used. */
  *entries(): Generator<EntryInfo> {
    for (let entry = this.#live.newer; entry !== this.#live; entry = entry.newer) {
      yield { key: entry.name, expiresAt: entry.expiresAt === NEVER ? null : entry.expiresAt };
    }
  }

  /** Asks the store to remember as many departed entries as a cache of that size may hold. */
  rememberFor(maxEntries: number): void {
    const wanted = Math.min(maxEntries, REMEMBERED_AT_MOST);
    this.#remembered = Math.max(this.#remembered, wanted);
  }

  #missGone(entry: Entry, clock: () => number): MissReason {
    // Culled, but its time is over by now: a larger cache would have missed as well.
    if (isOver(entry, clock)) {
      this.stats.missesExpired += 1;
      return 'expired';
    }
    this.stats.missesEvicted += 1;
    return 'evicted';
  }

  #expire(entry: Entry): void {
    this.stats.expirations += 1;
    this.#size -= 1;
    entry.value = GONE;
    // It has expired for good, even if the clock is set back.
    entry.expiresAt = Number.NEGATIVE_INFINITY;
    unlink(entry);
    append(this.#gone, entry);
  }

  /** Forgets up to two departed entries beyond the bound: a cull's worth is gone after as many puts. */
  #forget(): void {
    for (let i = 0; i < 2 && this.#byName.size - this.#size > this.#remembered; i += 1) {
      const oldest = this.#gone.newer;
      unlink(oldest);
      this.#byName.delete(oldest.name);
    }
  }
}

function isLive(entry: Entry): entry is LiveEntry {
  return entry.value !== GONE;
}

function isOver(entry: Entry, clock: () => number): boolean {
  return entry.expiresAt !== NEVER && entry.expiresAt <= clock();
}

function unlink(entry: Entry): void {
  entry.newer.older = entry.older;
  entry.older.newer = entry.newer;
}

/** Adds an entry as the newest of a ring. */
function append(ring: Entry, entry: Entry): void {
  const end = ring.older;
  end.newer = entry;
  entry.older = end;
  entry.newer = ring;
  ring.older = entry;
}

function close(ring: Entry): void {
  ring.older = ring;
  ring.newer = ring;
}
