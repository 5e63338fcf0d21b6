import { LRUCache } from 'lru-cache';
import { LocMemCache } from '../locmem.ts';
import { median } from './throughput.ts';

/** The longest `set` of each, in milliseconds. */
export interface LongestSet {
  /** While ours was full and culled a third of its entries again and again. */
  readonly oursMillis: number;
  readonly culls: number;
  /** While lru-cache was full and evicted one entry at each set. */
  readonly lruMillis: number;
}

const REPEATS = 3;

/** Fills both, then stores as many new keys again and times every `set`. The median of repeats. */
export function longestSet(entries: number): LongestSet {
  let culls = 0;
  const ours: number[] = [];
  const lrus: number[] = [];
  for (let i = 0; i < REPEATS; i += 1) {
    const cache = new LocMemCache({ location: 'pause', maxEntries: entries });
    const cullsBefore = cache.stats().culls;
    cache.clear();
    ours.push(longest((key) => cache.set(key, 1), entries));
    culls = cache.stats().culls - cullsBefore;
    cache.clear();
    const lru = new LRUCache<string, number>({ max: entries, ttl: 300_000 });
    lrus.push(longest((key) => lru.set(key, 1), entries));
  }
  return { oursMillis: median(ours), culls, lruMillis: median(lrus) };
}

function longest(set: (key: string) => unknown, entries: number): number {
  for (let k = 0; k < entries; k += 1) set(`user:${k}`);
  const keys = Array.from({ length: entries }, (_, k) => `new:${k}`);
  let longestMillis = 0;
  for (const key of keys) {
    const start = performance.now();
    set(key);
    longestMillis = Math.max(longestMillis, performance.now() - start);
  }
  return longestMillis;
}
