import type { Clock } from '../clock.ts';
import type { Stored } from '../copy.ts';
import { type MissReason, newCounter } from '../stats.ts';
import {
  append,
  Entry,
  empty,
  GONE,
  isLive,
  isOver,
  type LiveEntry,
  moveOldest,
  unlink,
} from './entry.ts';

/** Departed entries that every store remembers at least, to tell `evicted` from `cold`, ... */
const REMEMBERED_AT_LEAST = 10_000;
/** ... and at most, however large the cache, so that the memory for it stays bounded. */
const REMEMBERED_AT_MOST = 1_000_000;

/**
 * The entries of one location: found by name, ordered by recency, culled from the least recent
 * end. Keeps the counters, because caches that share the entries share what happens to them.
 *
 * An entry that is evicted or found expired leaves its name behind, so that the next miss can give
 * its reason and the next `put` need not grow the map. As many are remembered as the largest cache
 * of this store may hold entries (but between 10,000 and 1,000,000), and for a while the entries of
 * one cull more. Beyond that, the one that left first is forgotten; a miss of it counts as cold.
 */
export class Store {
  readonly stats = newCounter();
  readonly #byName = new Map<string, Entry>();
  /** Ring of the live entries, the most recently used being the newest. */
  readonly #live = new Entry('');
  /** Ring of the gone entries, the newest being the one that left last. */
  readonly #gone = new Entry('');
  /** What was found last is often wanted again at once (`set` after a miss). */
  #last: Entry | undefined;
  #size = 0;
  #remembered = REMEMBERED_AT_LEAST;

  /** Entries held, expired ones that nobody touched included. */
  get size(): number {
    return this.#size;
  }

  /** Looks an entry up for a reader: counts it once, makes it the most recent, or says why not. */
  lookup(name: string, clock: Clock): LiveEntry | MissReason {
    const entry = this.#byName.get(name);
    if (entry === undefined) {
      this.stats.missesCold += 1;
      return 'cold';
    }
    if (!isLive(entry)) {
      this.#last = entry;
      return this.#missGone(entry, clock);
    }
    if (isOver(entry, clock)) {
      this.stats.missesExpired += 1;
      this.#expire(entry);
      return 'expired';
    }
    this.stats.hits += 1;
    this.refresh(entry);
    return entry;
  }

  /** The entry of that name if it is there and has not expired; an expired one is left alone. */
  peek(name: string, clock: Clock): LiveEntry | undefined {
    const entry = this.#entry(name);
    if (entry === undefined || !isLive(entry) || isOver(entry, clock)) return undefined;
    return entry;
  }

  /** As {@link peek}, but an expired entry is removed, as most of Django's operations do. */
  find(name: string, clock: Clock): LiveEntry | undefined {
    const entry = this.#entry(name);
    if (entry === undefined || !isLive(entry)) return undefined;
    if (!isOver(entry, clock)) return entry;
    this.#expire(entry);
    return undefined;
  }

  /** Is this name known, live or gone? */
  knows(name: string): boolean {
    return this.#entry(name) !== undefined;
  }

  /** Makes an entry the most recently used. Written out, as every hit comes through here. */
  refresh(entry: Entry): void {
    const { older, newer } = entry;
    const live = this.#live;
    if (newer === live) return;
    newer.older = older;
    older.newer = newer;
    const end = live.older;
    end.newer = entry;
    entry.older = end;
    entry.newer = live;
    live.older = entry;
  }

  /** Stores a value under a name, as the most recently used. */
  put(name: string, value: Stored, expiresAt: number): void {
    this.stats.sets += 1;
    let entry = this.#entry(name);
    if (entry === undefined) {
      entry = new Entry(name);
      this.#byName.set(name, entry);
    }
    if (!isLive(entry)) {
      this.stats.created += 1;
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
    let last = this.#live;
    for (let i = 0; i < count; i += 1) {
      last = last.newer;
      last.value = GONE;
    }
    moveOldest(this.#live, last, this.#gone);
  }

  /** Removes an entry on purpose; says whether it was there, expired or not. */
  delete(name: string): boolean {
    const entry = this.#entry(name);
    if (entry === undefined) return false;
    this.#drop(entry);
    if (!isLive(entry)) return false;
    this.stats.deletions += 1;
    this.#size -= 1;
    return true;
  }

  clear(): void {
    this.stats.deletions += this.#size;
    this.#size = 0;
    this.#last = undefined;
    this.#byName.clear();
    empty(this.#live);
    empty(this.#gone);
  }

  /** The entries from the least to the most recently used. */
  *entries(): Generator<Entry> {
    for (let entry = this.#live.newer; entry !== this.#live; entry = entry.newer) yield entry;
  }

  /** Asks the store to remember as many departed entries as a cache of that size may hold. */
  rememberFor(maxEntries: number): void {
    const wanted = Math.min(maxEntries, REMEMBERED_AT_MOST);
    this.#remembered = Math.max(this.#remembered, wanted);
  }

  #entry(name: string): Entry | undefined {
    if (this.#last !== undefined && this.#last.name === name) return this.#last;
    const entry = this.#byName.get(name);
    if (entry !== undefined) this.#last = entry;
    return entry;
  }

  #missGone(entry: Entry, clock: Clock): MissReason {
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

  /** Up to two at a time: what a large cull left behind must not make one `put` wait. */
  #forget(): void {
    for (let i = 0; i < 2 && this.#byName.size - this.#size > this.#remembered; i += 1) {
      this.#drop(this.#gone.newer);
    }
  }

  #drop(entry: Entry): void {
    this.#last = undefined;
    this.#byName.delete(entry.name);
    unlink(entry);
  }
}
