import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { fastifySSE } from '@fastify/sse';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Command } from '../../reports/live/protocol.ts';
import { CommandBody } from './command-schema.ts';
import type { Commands } from './commands.ts';
import type { Live } from './live.ts';
import { type Viewer, Viewers } from './viewers.ts';

/** What is served, and to whom. */
export interface ServerPlan {
  readonly live: Live;
  readonly commands: Commands;
  readonly presenterPage: string;
  /** Adds what a participant may do; left out: there is no audience. */
  readonly audience?: ((app: FastifyInstance) => Promise<void>) | undefined;
  /** 127.0.0.1, or every address of the machine where there is an audience. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** The view as it is served. */
export interface LiveServer {
  readonly port: number;
  /** What the presenter's address carries, and nobody else knows. */
  readonly secret: string;
  /** How many pages watch. */
  readonly viewers: number;
  stop(): Promise<void>;
}

/** Twenty frames per second. */
const FRAME_MILLIS = 50;

/** What every answer says: nothing is kept, sniffed, told to others or put into a frame. */
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "frame-ancestors 'none'",
};

/**
 * Serves the live view: the presenter's page, what it shows as server-sent events, and its controls,
 * each of them to nobody without the secret. Server-sent events and not a WebSocket, because what
 * goes to the pages goes one way, and a browser opens them again by itself.
 *
 * @throws the network's error when the port is taken
 */
export async function openLiveServer(plan: ServerPlan): Promise<LiveServer> {
  const { live, host, port } = plan;
  const secret = randomBytes(16).toString('hex');
  const viewers = new Viewers();
  const app = Fastify({
    logger: false,
    forceCloseConnections: true,
    bodyLimit: 10_000,
    // What a page sends is as it should be, or refused.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(HEADERS);
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    refuse(reply, error.statusCode ?? 500, error.message),
  );
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404, 'There is nothing here.'));
  await app.register(fastifySSE, { heartbeatInterval: 15_000 });
  app.register(async (own) => presenterRoutes(own, plan, { secret, viewers }));
  if (plan.audience) app.register(plan.audience);
  await app.listen({ host, port });
  const frames = setInterval(() => tell(live, viewers), FRAME_MILLIS);
  return {
    port: (app.server.address() as AddressInfo).port,
    secret,
    get viewers() {
      return viewers.size;
    },
    async stop() {
      clearInterval(frames);
      await app.close();
    },
  };
}

function presenterRoutes(
  app: FastifyInstance,
  { live, commands, presenterPage }: ServerPlan,
  { secret, viewers }: { readonly secret: string; readonly viewers: Viewers },
): void {
  app.addHook('onRequest', async (request, reply) => {
    if (isSame(secretOf(request), secret)) return;
    return refuse(
      reply,
      403,
      'This needs the secret in the presenter’s address; the terminal shows it.',
    );
  });
  app.get('/presenter', async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(presenterPage),
  );
  app.get('/events', { sse: 'only' }, async (_request, reply) => {
    watch(reply, viewers, wholeOf(live));
  });
  app.post('/control', { schema: { body: CommandBody } }, async (request, reply) => {
    const refusal = commands.give(request.body as Command);
    return refusal === null ? reply.code(204).send() : refuse(reply, 409, refusal);
  });
}

/** Answers with a sentence for people. */
export function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ message });
}

/** Sends server-sent events until the page goes away. */
export function watch(reply: FastifyReply, viewers: Viewers, first: string): Viewer {
  const viewer = { send: (text: string) => reply.sse.send(text) };
  reply.sse.keepAlive();
  reply.sse.onClose(() => viewers.remove(viewer));
  viewers.add(viewer, first);
  return viewer;
}

/** A token in the address, since a browser's EventSource sends no headers; or in a header. */
export function secretOf({ query, headers }: FastifyRequest): string {
  const { secret, token } = query as { secret?: unknown; token?: unknown };
  const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return String(bearer ?? secret ?? token ?? '');
}

/** How long it takes says nothing of where they differ. */
function isSame(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function tell(live: Live, viewers: Viewers): void {
  const now = performance.now();
  const message = live.stage.message({ now, seconds: Date.now() / 1_000, oldest: live.oldest });
  if (message) viewers.tell(JSON.stringify(message), () => wholeOf(live));
}

function wholeOf({ stage }: Live): string {
  return JSON.stringify({ is: 'whole', ...stage.whole(performance.now()) });
}
