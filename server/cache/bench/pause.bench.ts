import { LRUCache } from 'lru-cache';
import LocMemCache from '../backends/locmem.ts';

export const title = 'The longest set in a full cache of 1,000,000, of processor time';

const ENTRIES = 1_000_000;
const REPEATS = 3;
const CULLS = 5;

/**
 * Fills both, then stores as many new keys again and times every `set`. The median of repeats.
 * Processor time is told in ticks of some milliseconds: that will do for the longest `set`, which
 * takes many, but not for a cull.
 */
export async function run(print: (line: string) => void): Promise<void> {
  const ours: number[] = [];
  const lrus: number[] = [];
  for (let i = 0; i < REPEATS; i += 1) {
    const cache = fullCache();
    ours.push(longestSet((key) => cache.set(key, 1)));
    cache.clear();
    const lru = new LRUCache<string, number>({ max: ENTRIES, ttl: 300_000 });
    for (let k = 0; k < ENTRIES; k += 1) lru.set(`user:${k}`, 1);
    lrus.push(longestSet((key) => lru.set(key, 1)));
  }
  const [our, their] = [median(ours), median(lrus)];
  print(`${our.toFixed(1)} ms, lru-cache ${their.toFixed(1)} ms: ${(our / their).toFixed(2)}×`);
  print(`culling a third takes ${quickestCull().toFixed(1)} ms of the clock, undisturbed`);
}

function fullCache(): LocMemCache {
  const cache = new LocMemCache({ location: 'pause', maxEntries: ENTRIES });
  for (let k = 0; k < ENTRIES; k += 1) cache.set(`user:${k}`, 1);
  return cache;
}

/** Milliseconds of processor time of the longest of as many sets as there are entries. */
function longestSet(set: (key: string) => unknown): number {
  const keys = Array.from({ length: ENTRIES }, (_, k) => `new:${k}`);
  let longest = 0;
  for (const key of keys) {
    const before = process.threadCpuUsage();
    set(key);
    const { user, system } = process.threadCpuUsage(before);
    longest = Math.max(longest, (user + system) / 1000);
  }
  return longest;
}

/** Milliseconds: other programs and the collector of garbage only ever make one longer. */
function quickestCull(): number {
  const cache = fullCache();
  const millis: number[] = [];
  for (let next = 0; millis.length < CULLS; next += 1) {
    // A key's text is made before it is timed, and a full cache culls before it stores.
    const key = `more:${next}`;
    const isFull = cache.stats().entries >= ENTRIES;
    const before = performance.now();
    cache.set(key, 1);
    if (isFull) millis.push(performance.now() - before);
  }
  return Math.min(...millis);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
