import { LRUCache } from 'lru-cache';
import { LocMemCache } from '../locmem.ts';
import type { Stream } from './stream.ts';

/** Entries that each cache may hold. */
export const MAX_ENTRIES = 1000;
const WARM_UP_ROUNDS = 10;
const ROUNDS = 100;

/** Something that serves a request: get, and set on a miss. */
export interface Contender {
  /** Serves the whole stream once; gives how many requests missed. */
  serve(stream: Stream): number;
}

/** Requests per second of this thread's processor time, over rounds in which both took turns. */
export interface Comparison {
  readonly oursPerSecond: number;
  readonly theirsPerSecond: number;
  /** Ours ÷ theirs. */
  readonly ratio: number;
}

let locations = 0;

/** Our cache; `make` gives the value that is stored on a miss. */
export function locmem(make: () => unknown): Contender {
  locations += 1;
  const cache = new LocMemCache({ location: `bench ${locations}`, maxEntries: MAX_ENTRIES });
  return {
    serve({ keys, requests }) {
      let misses = 0;
      for (let i = 0; i < requests.length; i += 1) {
        const key = keys[requests[i]!]!;
        if (cache.get(key) !== undefined) continue;
        misses += 1;
        cache.set(key, make());
      }
      return misses;
    },
  };
}

/** lru-cache with a ttl, holding the text itself: what it holds needs no copy. */
export function lruOfTexts(make: () => string): Contender {
  const cache = new LRUCache<string, string>({ max: MAX_ENTRIES, ttl: 300_000 });
  return {
    serve({ keys, requests }) {
      let misses = 0;
      for (let i = 0; i < requests.length; i += 1) {
        const key = keys[requests[i]!]!;
        if (cache.get(key) !== undefined) continue;
        misses += 1;
        cache.set(key, make());
      }
      return misses;
    },
  };
}

/** lru-cache with a ttl, holding JSON text: the usual way to get a copy out of it. */
export function lruOfJson(make: () => unknown): Contender {
  const cache = new LRUCache<string, string>({ max: MAX_ENTRIES, ttl: 300_000 });
  const read = (key: string): unknown => {
    const text = cache.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  };
  return {
    serve({ keys, requests }) {
      let misses = 0;
      for (let i = 0; i < requests.length; i += 1) {
        const key = keys[requests[i]!]!;
        if (read(key) !== undefined) continue;
        misses += 1;
        cache.set(key, JSON.stringify(make()));
      }
      return misses;
    },
  };
}

/**
 * Lets both serve the stream in turns. Measured is processor time: other programs on the machine
 * take time from the clock, not from that. It is counted in ticks of some milliseconds, so only the
 * sum over many rounds says something.
 */
export async function compare(
  ours: Contender,
  theirs: Contender,
  stream: Stream,
): Promise<Comparison> {
  let ourSeconds = 0;
  let theirSeconds = 0;
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    const our = secondsToServe(ours, stream);
    const their = secondsToServe(theirs, stream);
    // Timers get their turn, as in a server.
    await new Promise((resolve) => setImmediate(resolve));
    if (round < 0) continue;
    ourSeconds += our;
    theirSeconds += their;
  }
  const requests = ROUNDS * stream.requests.length;
  return {
    oursPerSecond: requests / ourSeconds,
    theirsPerSecond: requests / theirSeconds,
    ratio: theirSeconds / ourSeconds,
  };
}

/** Requests per second of processor time, over as many rounds as when comparing. */
export function perSecond(contender: Contender, stream: Stream): number {
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) contender.serve(stream);
  let seconds = 0;
  for (let round = 0; round < ROUNDS; round += 1) seconds += secondsToServe(contender, stream);
  return (ROUNDS * stream.requests.length) / seconds;
}

function secondsToServe(contender: Contender, stream: Stream): number {
  const before = process.threadCpuUsage();
  contender.serve(stream);
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1e6;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
