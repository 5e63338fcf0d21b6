import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyInstance } from 'fastify';
import type { AppParts } from './parts.ts';
import { HEADERS } from './protocol.ts';
import { featureOf } from './routes/index.ts';
import { userRoutes } from './routes/users.ts';

/** Builds the server under study. It never listens: the worker process does, or a test injects. */
export function buildApp(parts: AppParts): FastifyInstance {
  const app = Fastify({
    logger: false,
    // What is still idle once a worker has left service (drain.ts) is closed.
    forceCloseConnections: 'idle',
    // Checking the few schemas of routes/ against that of JSON Schema takes 40 ms of each start.
    ajv: { customOptions: { validateSchema: false } },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.register(userRoutes, parts);
  for (const [name, own] of parts.features ?? []) {
    app.register(async (scope) => {
      // Whatever the feature answers, an error too, says who answered.
      scope.addHook('onRequest', async (_request, reply) => {
        reply.headers({ [HEADERS.slot]: own.worker.slot, [HEADERS.pid]: own.worker.pid });
      });
      scope.register(await featureOf(name), own);
    });
  }
  return app;
}
