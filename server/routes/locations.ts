import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FeatureParts } from '../parts.ts';
import { LOCATIONS } from '../protocol.ts';

const Params = {
  type: 'object',
  required: ['cache', 'key'],
  properties: { cache: { enum: Object.keys(LOCATIONS) }, key: { type: 'string' } },
} as const;

/**
 * Writes a key to one of this worker's caches, and tells which of them have it. It never looks an
 * entry up: what is not configured shares its store with the cache under study, whose lookups are
 * audited.
 */
export const locationRoutes: FastifyPluginAsyncTypebox<FeatureParts> = async (app, parts) => {
  const caches = new Map(
    await Promise.all(
      Object.entries(LOCATIONS).map(
        async ([name, location]) => [name, await parts.openLocal(location)] as const,
      ),
    ),
  );

  app.put('/locations/:cache/:key', { schema: { params: Params } }, async (request) => {
    const { cache, key } = request.params;
    await caches.get(cache)!.set(key, 'written');
    return { cache, key };
  });

  app.get('/locations/:key', async (request) => {
    const { key } = request.params as { key: string };
    const seenBy: string[] = [];
    for (const [name, cache] of caches) if (await cache.has(key)) seenBy.push(name);
    return { seenBy };
  });
};
