import { callbackify } from 'node:util';
import cookie from '@fastify/cookie';
import session, { type SessionStore } from '@fastify/session';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Cache } from '../cache/cache.ts';
import type { FeatureParts } from '../parts.ts';

declare module 'fastify' {
  interface Session {
    /** Who is logged in; not there: nobody. */
    user?: string;
  }
}

const Login = {
  type: 'object',
  required: ['user'],
  properties: { user: { type: 'string', minLength: 1, maxLength: 100 } },
} as const;

/** Signs the cookie, so that every worker accepts it: what a worker lacks is the session itself. */
const SECRET = 'a laboratory has no secrets to keep';

/** Logins whose sessions lie in this worker's cache, as with Django's `SESSION_ENGINE = '…cache'`. */
export const sessionRoutes: FastifyPluginAsyncTypebox<FeatureParts> = async (app, { cache }) => {
  await app.register(cookie);
  await app.register(session, {
    secret: SECRET,
    store: sessionStore(cache),
    cookie: { secure: false },
    // A visitor without a login gets no session, and looking at a page does not write one.
    saveUninitialized: false,
    rolling: false,
  });

  app.post('/sessions', { schema: { body: Login } }, async (request) => {
    request.session.user = request.body.user;
    return { user: request.body.user };
  });

  app.get('/sessions/page', async (request) => ({ user: request.session.user ?? null }));
};

/** Keeps sessions as JSON text, which is what travels to every kind of cache alike. */
function sessionStore(cache: Cache): SessionStore {
  const keyOf = (id: string) => `session_${id}`;
  return {
    set: callbackify(async (id: string, content: unknown) =>
      cache.set(keyOf(id), JSON.stringify(content)),
    ),
    get: callbackify(async (id: string) => JSON.parse((await cache.get(keyOf(id))) ?? 'null')),
    destroy: callbackify(async (id: string) => {
      await cache.delete(keyOf(id));
    }),
  };
}
