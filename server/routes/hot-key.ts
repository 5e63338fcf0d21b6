import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Cache } from '../cache/cache.ts';
import type { Origin } from '../origin/database.ts';
import type { FeatureParts } from '../parts.ts';
import { HOT_TIMEOUT_SECONDS, type HotOutcome } from '../protocol.ts';

/** A loader that died must not lock the others out for ever. */
const LOCK_TIMEOUT_SECONDS = 30;
const LOOK_AGAIN_MILLIS = 5;

const Query = { type: 'object', properties: { lock: { type: 'boolean' } } } as const;

/** A page that everybody wants, from an entry that expires soon; with or without a lock on loading. */
export const hotKeyRoutes: FastifyPluginAsyncTypebox<FeatureParts> = async (app, parts) => {
  const { cache, origin } = parts;

  app.get('/hot', { schema: { querystring: Query } }, async (request) => {
    const locked = request.query.lock === true;
    // Each way has an entry of its own, so that neither finds what the other loaded.
    const key = locked ? 'hot_locked' : 'hot';
    const outcome = locked ? await loadAlone(cache, origin, key) : await load(cache, origin, key);
    return { outcome };
  });
};

/** Whoever does not find the entry loads it. */
async function load(cache: Cache, origin: Origin, key: string): Promise<HotOutcome> {
  if ((await cache.get(key)) !== undefined) return 'found';
  await store(cache, origin, key);
  return 'loaded';
}

/**
 * Whoever does not find the entry tries to add a lock, which only one can; that one loads and the
 * others look again until it is there. The lock lies in the same cache as the entry.
 */
async function loadAlone(cache: Cache, origin: Origin, key: string): Promise<HotOutcome> {
  const lock = `${key}_lock`;
  for (let waited = false; ; waited = true) {
    if ((await cache.get(key)) !== undefined) return waited ? 'waited' : 'found';
    if (await cache.add(lock, 1, { timeout: LOCK_TIMEOUT_SECONDS })) {
      try {
        // Whoever held the lock before may have stored it between the look and the lock.
        if ((await cache.get(key)) !== undefined) return waited ? 'waited' : 'found';
        await store(cache, origin, key);
        return 'loaded';
      } finally {
        await cache.delete(lock);
      }
    }
    await delay(LOOK_AGAIN_MILLIS);
  }
}

async function store(cache: Cache, origin: Origin, key: string): Promise<void> {
  const page = await origin.userPage(1);
  await cache.set(key, { ...page }, { timeout: HOT_TIMEOUT_SECONDS });
}
