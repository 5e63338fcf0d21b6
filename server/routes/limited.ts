import rateLimit from '@fastify/rate-limit';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FeatureParts } from './index.ts';

/** Requests that one client may make in a window. */
export const LIMIT = 20;
/** Longer than any run: within one there is a single window. */
const WINDOW_MILLIS = 10 * 60_000;

/**
 * A page with a limit per client. The count is kept where `@fastify/rate-limit` keeps it unless it
 * is given a Redis: in the memory of the process.
 */
export const limitedRoutes: FastifyPluginAsyncTypebox<FeatureParts> = async (app) => {
  await app.register(rateLimit, {
    max: LIMIT,
    timeWindow: WINDOW_MILLIS,
    keyGenerator: (request) => String(request.headers['x-client'] ?? request.ip),
  });

  app.get('/limited', async () => ({ served: true }));
};
