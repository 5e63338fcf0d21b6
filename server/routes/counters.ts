import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Counter, Registry } from 'prom-client';
import type { Cache } from '../cache/cache.ts';
import type { FeatureParts } from '../parts.ts';
import { VISITS_METRIC } from '../protocol.ts';

const Params = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', minLength: 1, maxLength: 100 } },
} as const;

/**
 * Counters in this worker's cache, raised in one step (`incr`) or by reading and writing, and the
 * same count as a metric for Prometheus.
 */
export const counterRoutes: FastifyPluginAsyncTypebox<FeatureParts> = async (app, { cache }) => {
  const registry = new Registry();
  const visits = new Counter({
    name: VISITS_METRIC,
    help: 'Requests that raised a counter.',
    registers: [registry],
  });

  app.post('/counters/:name', { schema: { params: Params } }, async (request) => {
    visits.inc();
    return { value: await raise(cache, request.params.name) };
  });

  app.post('/counters/:name/read-and-write', { schema: { params: Params } }, async (request) => {
    visits.inc();
    return { value: await readAndWrite(cache, request.params.name) };
  });

  app.get('/counters/:name', { schema: { params: Params } }, async (request) => ({
    value: (await cache.get<number>(request.params.name)) ?? 0,
  }));

  app.get('/metrics', async (_request, reply) => {
    reply.type(registry.contentType);
    return registry.metrics();
  });
};

/** One step inside the cache: nobody comes between. `add` does nothing to a counter that is there. */
async function raise(cache: Cache, name: string): Promise<number> {
  await cache.add(name, 0, { timeout: null });
  return cache.incr(name);
}

/** Two steps with a wait between them, as whoever asks a database in the middle writes it. */
async function readAndWrite(cache: Cache, name: string): Promise<number> {
  const value = ((await cache.get<number>(name)) ?? 0) + 1;
  await nextTurn();
  await cache.set(name, value, { timeout: null });
  return value;
}
