import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { createCache, createCaches } from '../cache/index.ts';
import type { FeatureParts } from './index.ts';

/**
 * The caches of this worker, by a name for each and with its LOCATION. The first pair shares one,
 * the second pair does not, and the last two were made without any settings.
 */
export const LOCATIONS = {
  'first my_cache': 'my_cache',
  'second my_cache': 'my_cache',
  'unique-snowflake': 'unique-snowflake',
  'another-snowflake': 'another-snowflake',
  'not configured': '',
  'not configured either': '',
} as const;

export type LocatedCache = keyof typeof LOCATIONS;

const Params = Type.Object({ cache: Type.Enum(Object.keys(LOCATIONS)), key: Type.String() });

/**
 * Writes a key to one of this worker's caches, and tells which of them have it. It never looks an
 * entry up: what is not configured shares its store with the cache under study, whose lookups are
 * audited.
 */
export const locationRoutes: FastifyPluginAsyncTypebox<FeatureParts> = async (app) => {
  const caches = new Map(
    Object.entries(LOCATIONS).map(([name, location]) => [
      name,
      location === '' ? createCaches().default : createCache({ location }),
    ]),
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
