import { AsyncCache } from '../async-cache.ts';
import type { CacheOptions } from '../cache.ts';
import { RedisStore } from '../service/redis-store.ts';

/**
 * A cache in a Redis server. `location` is its address: `redis://host:port`, `rediss://…` or
 * `unix:///path/to.sock`. See {@link AsyncCache} for what differs from local memory.
 */
export default class RedisCache extends AsyncCache {
  constructor(options: CacheOptions = {}) {
    super('redis', 'Redis', options, (complete) => new RedisStore(complete));
  }
}
