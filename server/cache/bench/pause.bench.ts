import { LRUCache } from 'lru-cache';
import LocMemCache from '../backends/locmem.ts';

export const title = 'The longest set in a full cache of 1,000,000, of processor time';

const ENTRIES = 1_000_000;
const REPEATS = 3;

/** Fills both, then stores as many new keys again and times every `set`. The median of repeats. */
export async function run(print: (line: string) => void): Promise<void> {
  const ours: number[] = [];
  const culls: number[] = [];
  const lrus: number[] = [];
  for (let i = 0; i < REPEATS; i += 1) {
    const cache = new LocMemCache({ location: 'pause', maxEntries: ENTRIES });
    const millis = timeSets((key) => cache.set(key, 1), ENTRIES);
    ours.push(longestOf(millis));
    // Full, it culls a third at the first new key.
    culls.push(millis[0]!);
    cache.clear();
    const lru = new LRUCache<string, number>({ max: ENTRIES, ttl: 300_000 });
    lrus.push(longestOf(timeSets((key) => lru.set(key, 1), ENTRIES)));
  }
  print(
    `${median(ours).toFixed(1)} ms (culling a third takes ${median(culls).toFixed(1)} ms), lru-cache ${median(lrus).toFixed(1)} ms: ${(median(ours) / median(lrus)).toFixed(2)}×`,
  );
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

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
