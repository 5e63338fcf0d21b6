import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LRUCache } from 'lru-cache';
import LocMemCache from '../backends/locmem.ts';

export const title = "Memory per entry, without the key's text and the value";

const ENTRIES = 100_000;

export async function run(print: (line: string) => void): Promise<void> {
  const keys = Array.from({ length: 2 * ENTRIES }, (_, k) => `user:${k}`);
  const first = keys.slice(0, ENTRIES);
  const perEntry = (make: () => unknown) => bytesHeldBy(make) / ENTRIES;
  const ours = perEntry(() => filledLocMem('full', ENTRIES, first));
  const remembering = perEntry(() => filledLocMem('over', ENTRIES, keys));
  const lru = perEntry(() => filledLru(ENTRIES, first));
  print(
    `${ours.toFixed(0)} B (${remembering.toFixed(0)} B when it remembers as many departed ones), lru-cache ${lru.toFixed(0)} B: ${(ours / lru).toFixed(2)}×`,
  );
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
