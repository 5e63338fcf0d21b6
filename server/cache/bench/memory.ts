import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LRUCache } from 'lru-cache';
import { LocMemCache } from '../locmem.ts';

/** Bytes of memory per entry, without the key's text and the value. */
export interface MemoryPerEntry {
  readonly ours: number;
  /** Ours, when as many departed entries are remembered as are held. */
  readonly oursRemembering: number;
  readonly lru: number;
}

export function memoryPerEntry(entries: number): MemoryPerEntry {
  const keys = Array.from({ length: 2 * entries }, (_, k) => `user:${k}`);
  const first = keys.slice(0, entries);
  return {
    ours: bytesHeldBy(() => filledLocMem('full', entries, first)) / entries,
    oursRemembering: bytesHeldBy(() => filledLocMem('over', entries, keys)) / entries,
    lru: bytesHeldBy(() => filledLru(entries, first)) / entries,
  };
}

function filledLocMem(location: string, maxEntries: number, keys: readonly string[]): unknown {
  // One at a time, so that it stays full.
  const options = { location: `memory ${location}`, maxEntries, cullFrequency: maxEntries };
  const cache = new LocMemCache(options);
  for (const key of keys) cache.set(key, 1);
  return cache;
}

function filledLru(max: number, keys: readonly string[]): unknown {
  const cache = new LRUCache<string, number>({ max, ttl: 300_000 });
  for (const key of keys) cache.set(key, 1);
  return cache;
}

function bytesHeldBy(make: () => unknown): number {
  const before = bytesInUse();
  const held = [make()];
  const after = bytesInUse();
  // Still reachable up to here.
  return held.length === 1 ? after - before : Number.NaN;
}

let collectGarbage: (() => void) | undefined;

function bytesInUse(): number {
  if (!collectGarbage) {
    setFlagsFromString('--expose-gc');
    collectGarbage = runInNewContext('gc') as () => void;
  }
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
