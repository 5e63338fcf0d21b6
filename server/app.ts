import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Cache } from './cache/cache.ts';
import type { WorkerIdentity } from './identity.ts';
import type { Journal } from './journal.ts';
import type { Origin } from './origin/database.ts';
import { type FeatureParts, featureOf } from './routes/index.ts';
import { userRoutes } from './routes/users.ts';

/** What the server is built from. Everything that a test may want to replace comes from outside. */
export interface AppParts {
  readonly cache: Cache;
  readonly origin: Origin;
  readonly worker: WorkerIdentity;
  readonly journal: Journal;
  /** The features to serve beside the users' pages, by name, each with a cache of its own. */
  readonly features?: ReadonlyMap<string, FeatureParts> | undefined;
}

/** Builds the server under study. It never listens: the worker process does, or a test injects. */
export function buildApp(parts: AppParts): FastifyInstance {
  const app = Fastify({
    logger: false,
    // What is still idle once a worker has left service (drain.ts) is closed.
    forceCloseConnections: 'idle',
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.register(userRoutes, parts);
  for (const [name, own] of parts.features ?? []) {
    app.register(async (scope) => {
      // Whatever the feature answers, an error too, says who answered.
      scope.addHook('onRequest', async (_request, reply) => {
        reply.headers({ 'x-worker': own.worker.slot, 'x-worker-pid': own.worker.pid });
      });
      scope.register(featureOf(name), own);
    });
  }
  return app;
}
