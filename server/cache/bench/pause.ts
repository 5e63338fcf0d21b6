import { LRUCache } from 'lru-cache';
import { LocMemCache } from '../locmem.ts';
import { median } from './throughput.ts';

/** The longest `set` of each, in milliseconds of processor time. */
export interface LongestSet {
  /** While ours was full and culled a third of its entries again and again. */
  readonly oursMillis: number;
  /** Of those, the median of the sets that culled. */
  readonly cullMillis: number;
  /** While lru-cache was full and evicted one entry at each set. */
  readonly lruMillis: number;
}

const REPEATS = 3;

/** Fills both, then stores as many new keys again and times every `set`. The median of repeats. */
export function longestSet(entries: number): LongestSet {
  const ours: number[] = [];
  const culls: number[] = [];
  const lrus: number[] = [];
  for (let i = 0; i < REPEATS; i += 1) {
    const cache = new LocMemCache({ location: 'pause', maxEntries: entries });
    const millis = timeSets((key) => cache.set(key, 1), entries);
    ours.push(longestOf(millis));
    // Full, it culls at the first new key.
    culls.push(millis[0]!);
    cache.clear();
    const lru = new LRUCache<string, number>({ max: entries, ttl: 300_000 });
    lrus.push(longestOf(timeSets((key) => lru.set(key, 1), entries)));
  }
  return { oursMillis: median(ours), cullMillis: median(culls), lruMillis: median(lrus) };
}

/** Milliseconds of processor time of every `set` after the cache is full. */
function timeSets(set: (key: string) => unknown, entries: number): Float64Array {
  for (let k = 0; k < entries; k += 1) set(`user:${k}`);
  const keys = Array.from({ length: entries }, (_, k) => `new:${k}`);
  return Float64Array.from(keys, (key) => {
    const before = process.threadCpuUsage();
    set(key);
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  });
}

function longestOf(millis: Float64Array): number {
  return millis.reduce((longest, one) => Math.max(longest, one), 0);
}
