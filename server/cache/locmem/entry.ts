import type { Clock } from '../clock.ts';
import type { Stored } from '../copy.ts';

/** The `expiresAt` of an entry that never expires. */
export const NEVER = Number.POSITIVE_INFINITY;

/** Stands in for the value of an entry that was evicted or found expired. */
export const GONE: unique symbol = Symbol('gone');

/**
 * An entry, or the memory of one that is gone. It is part of exactly one ring: a circle of entries
 * in which a nameless one marks the place between the newest and the oldest.
 */
export class Entry {
  readonly name: string;
  value: Stored | typeof GONE = GONE;
  /** Seconds on the clock, or {@link NEVER}. */
  expiresAt = NEVER;
  older: Entry = this;
  newer: Entry = this;

  constructor(name: string) {
    this.name = name;
  }
}

/** An entry that holds a value. */
export type LiveEntry = Entry & { value: Stored };

export function isLive(entry: Entry): entry is LiveEntry {
  return entry.value !== GONE;
}

/** Is the time of this entry over? */
export function isOver(entry: Entry, clock: Clock): boolean {
  return entry.expiresAt !== NEVER && clock.hasCome(entry.expiresAt);
}

/** Takes an entry out of its ring. */
export function unlink(entry: Entry): void {
  entry.newer.older = entry.older;
  entry.older.newer = entry.newer;
}

/** Adds an entry as the newest of a ring. */
export function append(ring: Entry, entry: Entry): void {
  const end = ring.older;
  end.newer = entry;
  entry.older = end;
  entry.newer = ring;
  ring.older = entry;
}

/** Moves the oldest entries of a ring, up to and including `last`, to the newest end of another. */
export function moveOldest(from: Entry, last: Entry, to: Entry): void {
  const first = from.newer;
  from.newer = last.newer;
  last.newer.older = from;
  const end = to.older;
  end.newer = first;
  first.older = end;
  last.newer = to;
  to.older = last;
}

/** Lets go of all entries of a ring. */
export function empty(ring: Entry): void {
  ring.older = ring;
  ring.newer = ring;
}
