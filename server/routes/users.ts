import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import type { Lookup } from '../cache/cache.ts';
import { CacheServiceError } from '../cache/errors.ts';
import type { JournalEntry } from '../journal.ts';
import type { UserPage } from '../origin/database.ts';
import type { AppParts } from '../parts.ts';
import { HEADERS, userKey } from '../protocol.ts';
import { IdParams } from './id-params.ts';

const UserReply = {
  type: 'object',
  required: [
    'id',
    'name',
    'version',
    'orders',
    'spentCents',
    'averageCents',
    'largestCents',
    'lastOrderDay',
  ],
  properties: {
    id: { type: 'integer' },
    name: { type: 'string' },
    version: { type: 'integer' },
    orders: { type: 'integer' },
    spentCents: { type: 'integer' },
    averageCents: { type: 'integer' },
    largestCents: { type: 'integer' },
    lastOrderDay: { type: ['string', 'null'] },
  },
} as const;

const Rename = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', minLength: 1, maxLength: 200 } },
} as const;

const RenameReply = {
  type: 'object',
  required: ['id', 'version'],
  properties: { id: { type: 'integer' }, version: { type: 'integer' } },
} as const;

const Problem = {
  type: 'object',
  required: ['message'],
  properties: { message: { type: 'string' } },
} as const;

/** A user's page: read through the cache; written to the origin, then dropped from this worker's cache. */
export const userRoutes: FastifyPluginAsyncTypebox<AppParts> = async (app, parts) => {
  const { cache, origin, journal } = parts;

  app.get(
    '/users/:id',
    { schema: { params: IdParams, response: { 200: UserReply, 404: Problem } } },
    async (request, reply) => {
      const id = Number(request.params.id);
      const key = userKey(id);
      const started = performance.now();
      const lookup = journal.note(() => cache.lookup<UserPage>(key));
      const found = await lookup.result;
      const looked = performance.now();
      if (found.outcome === 'hit') {
        describe(reply, parts, lookup, `${cache.statusName}; hit`);
        reply.header('server-timing', took('cache', started, looked));
        return found.value;
      }
      const page = await origin.userPage(id);
      const loaded = performance.now();
      if (page === undefined) {
        describe(reply, parts, lookup, `${cache.statusName}; ${forwarded(found)}`);
        return reply.code(404).send({ message: `There is no user ${id}.` });
      }
      // A cache that just failed is not asked again for this page.
      const store =
        found.outcome === 'miss' ? journal.note(() => cache.set(key, { ...page })) : undefined;
      const stored = store && (await succeeded(store.result)) ? '; stored' : '';
      describe(reply, parts, lookup, `${cache.statusName}; ${forwarded(found)}${stored}`, store);
      const timing = [took('cache', started, looked), took('origin', looked, loaded)];
      if (store) timing.push(took('store', loaded, performance.now()));
      reply.header('server-timing', timing.join(', '));
      return page;
    },
  );

  app.put(
    '/users/:id',
    { schema: { params: IdParams, body: Rename, response: { 200: RenameReply, 404: Problem } } },
    async (request, reply) => {
      const id = Number(request.params.id);
      const version = await origin.renameUser(id, request.body.name);
      if (version === undefined) {
        return reply.code(404).send({ message: `There is no user ${id}.` });
      }
      const removal = journal.note(() => cache.delete(userKey(id)));
      // The origin has the new name either way; what a cache out of reach holds expires in time.
      await succeeded(removal.result);
      describe(reply, parts, removal, null);
      return { id, version };
    },
  );
};

/** Whether the cache did it. A service that fails must not take the page down with it. */
async function succeeded(result: unknown): Promise<boolean> {
  try {
    await result;
    return true;
  } catch (error) {
    if (error instanceof CacheServiceError) return false;
    throw error;
  }
}

/** Milliseconds spent on something, as the header Server-Timing has them. */
function took(name: string, from: number, to: number): string {
  return `${name};dur=${(to - from).toFixed(3)}`;
}

/** The part of Cache-Status (RFC 9211) that says why the origin was asked. */
function forwarded(found: Exclude<Lookup<unknown>, { outcome: 'hit' }>): string {
  return found.outcome === 'miss' ? `fwd=miss; detail=${found.reason}` : 'fwd=bypass';
}

/** The headers that tell a client, and so the ledger, who answered and what the cache did. */
function describe(
  reply: FastifyReply,
  { worker }: AppParts,
  operation: JournalEntry<unknown>,
  cacheStatus: string | null,
  store?: JournalEntry<unknown>,
): void {
  if (cacheStatus !== null) reply.header(HEADERS.cacheStatus, cacheStatus);
  reply.header(HEADERS.slot, worker.slot);
  reply.header(HEADERS.pid, worker.pid);
  const both = (of: 'sequence' | 'atSeconds') =>
    store ? `${operation[of]};stored=${store[of]}` : operation[of];
  reply.header(HEADERS.sequence, both('sequence'));
  reply.header(HEADERS.time, both('atSeconds'));
}
