import { AsyncCache } from '../async-cache.ts';
import type { CacheOptions } from '../cache.ts';
import type { EntryStore } from '../entry-store.ts';
import { warnIfNotPortable } from '../key.ts';

/**
 * A cache that keeps nothing: every lookup misses, every store succeeds and is forgotten. For
 * running a server as if it had no cache, and the example to start from when adding a backend.
 */
export default class DummyCache extends AsyncCache {
  constructor(options: CacheOptions = {}) {
    super('dummy', 'Dummy', options, () => NOWHERE);
  }
}

const NOWHERE: EntryStore = {
  checkKey: warnIfNotPortable,
  get: async () => undefined,
  getMany: async (keys) => keys.map(() => undefined),
  set: async () => {},
  add: async () => true,
  touch: async () => false,
  delete: async () => false,
  has: async () => false,
  incr: async () => undefined,
  clear: async () => {},
  entries: async () => [],
  close: async () => {},
};
