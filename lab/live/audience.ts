import os from 'node:os';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { renderSVG } from 'uqr';
import type { AudienceState, Vote } from '../../reports/live/protocol.ts';
import { VoteBody } from './command-schema.ts';
import { sentenceOf } from './commands.ts';
import type { Participants } from './participants.ts';
import { refuse, secretOf } from './server.ts';

/** A participant's requests per second; and how many may join from one address in a minute. */
const ASKS = { max: 5, timeWindow: 1_000 };
const JOINS = { max: 200, timeWindow: 60_000 };
const TELL_MILLIS = 500;

/** What a participant may do: see a page, ask for its own user, vote. Everything else is the presenter's. */
export async function audienceRoutes(
  app: FastifyInstance,
  { participants, page }: { readonly participants: Participants; readonly page: string },
): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    // After the token was looked at: who has none is told so.
    hook: 'preHandler',
    errorResponseBuilder: () =>
      Object.assign(new Error('That was too fast: five times per second is the most.'), {
        statusCode: 429,
      }),
  });
  app.get('/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
  app.post('/join', { config: { rateLimit: JOINS } }, async () => participants.join());
  app.register(async (own) => {
    own.addHook('onRequest', async (request, reply) => {
      if (participants.knows(secretOf(request))) return;
      return refuse(reply, 403, 'This page is not known any more; open the address anew.');
    });
    const limited = { rateLimit: { ...ASKS, keyGenerator: secretOf } };
    own.get('/own', { sse: 'only' }, async (request, reply) => {
      const token = secretOf(request);
      const viewer = { send: (text: string) => reply.sse.send(text) };
      reply.sse.keepAlive();
      reply.sse.onClose(() => participants.left(token, viewer));
      participants.watch(token, viewer);
    });
    own.post('/ask', { config: limited }, async (request, reply) => {
      try {
        return await participants.ask(secretOf(request));
      } catch (error) {
        return refuse(reply, 503, sentenceOf(error));
      }
    });
    own.post(
      '/vote',
      { schema: { body: VoteBody }, config: limited },
      async (request: FastifyRequest, reply) => {
        const { answer } = request.body as Vote;
        if (participants.vote(secretOf(request), answer)) return reply.code(204).send();
        return refuse(reply, 409, 'The vote is closed.');
      },
    );
  });
  const telling = setInterval(() => participants.tell(), TELL_MILLIS);
  app.addHook('onClose', async () => clearInterval(telling));
}

/** What the wall shows of the audience. */
export function audienceState(address: string, participants: number): AudienceState {
  return { address, qr: renderSVG(address), participants };
}

/** This machine's address in its network; where it has none, its own. */
export function addressHere(interfaces = os.networkInterfaces()): string {
  const addresses = Object.values(interfaces).flatMap((one) => one ?? []);
  const outward = addresses.find(({ family, internal }) => family === 'IPv4' && !internal);
  return outward?.address ?? '127.0.0.1';
}
