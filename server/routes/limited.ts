import rateLimit, {
  type FastifyRateLimitStore,
  type FastifyRateLimitStoreCtor,
} from '@fastify/rate-limit';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Cache } from '../cache/cache.ts';
import type { FeatureParts } from '../parts.ts';
import { LIMIT } from '../protocol.ts';

/** Longer than any run: within one there is a single window. */
const WINDOW_MILLIS = 10 * 60_000;

/**
 * A page with a limit per client. The count is kept where `@fastify/rate-limit` keeps it unless it
 * is told otherwise, in the memory of the process; with a cache that workers share, it is there.
 */
export const limitedRoutes: FastifyPluginAsyncTypebox<FeatureParts> = async (app, { cache }) => {
  await app.register(rateLimit, {
    max: LIMIT,
    ...(cache.backend !== 'locmem' && { store: countsIn(cache), skipOnError: true }),
    timeWindow: WINDOW_MILLIS,
    keyGenerator: (request) => String(request.headers['x-client'] ?? request.ip),
  });

  app.get('/limited', async () => ({ served: true }));
};

/** Counts in a cache, each in one step: `add` begins a window, `incr` counts in it. */
function countsIn(cache: Cache): FastifyRateLimitStoreCtor {
  return class CachedCounts implements FastifyRateLimitStore {
    incr(
      client: string,
      done: (error: Error | null, result?: { current: number; ttl: number }) => void,
      windowMillis: number,
    ): void {
      const key = `requests_${Buffer.from(client).toString('base64url')}`;
      const count = async () => {
        await cache.add(key, 0, { timeout: windowMillis / 1_000 });
        return cache.incr(key);
      };
      count().then(
        // Who began the window, and when, the cache does not tell; the client is told its length.
        (current) => done(null, { current, ttl: windowMillis }),
        (error: Error) => done(error),
      );
    }

    child(): FastifyRateLimitStore {
      return new CachedCounts();
    }
  };
}
