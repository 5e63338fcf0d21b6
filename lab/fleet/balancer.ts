import type { AddressInfo } from 'node:net';
import proxy from '@fastify/http-proxy';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { ownerOf } from '../analysis/rendezvous.ts';
import {
  BALANCER_VARIABLE,
  type BalancerReport,
  type BalancerRequest,
  type BalancerSettings,
} from './balancer-settings.ts';
import { readRoster } from './roster.ts';

/*
 * The balancer, a process of its own: round robin over servers, request by request; or by key, the
 * same key always to the same worker of them all.
 */

/** A worker that went is noticed at once, by its first error; one that came, this soon. */
const REFRESH_MILLIS = 20;
/** A request whose worker goes is given to another one, so many times. */
const ATTEMPTS = 5;

const settings = JSON.parse(process.env[BALANCER_VARIABLE] ?? '') as BalancerSettings;
let inUse = settings.servers;
let socketBySlot = readSockets();
let turn = 0;

const app = Fastify({ logger: false, forceCloseConnections: true });
app.register(proxy, {
  // Plain node:http, which can talk to a worker's own socket.
  http: { agentOptions: { keepAlive: true } },
  disableCache: true,
  disableRequestLogging: true,
  upstream: '',
  replyOptions: { getUpstream: ({ url }) => (settings.byKey ? workerFor(url) : nextServer()) },
  handler: (request, reply, path, options) => pass({ request, reply, path, options }, ATTEMPTS),
});
await app.listen({ host: '127.0.0.1', port: settings.port });
report({ port: (app.server.address() as AddressInfo).port });
if (settings.byKey) setInterval(refresh, REFRESH_MILLIS);

process.on('message', ({ use }: BalancerRequest) => {
  inUse = use.map((index) => settings.servers[index]!);
  refresh();
  report({ using: use });
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit());
// The lab is gone.
process.on('disconnect', () => process.exit());

/** A request on its way. */
interface Passing {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly path: string;
  readonly options: Parameters<FastifyReply['from']>[1];
}

/** Passes a request on; when its worker went meanwhile, to another. Only reading may be done twice. */
function pass(passing: Passing, attempts: number): FastifyReply {
  const { request, reply, path, options } = passing;
  return reply.from(path, {
    ...options,
    onError(_failed, { error }) {
      refresh();
      if (attempts > 1 && request.method === 'GET') pass(passing, attempts - 1);
      else reply.send(error);
    },
  });
}

function nextServer(): string {
  return `http://127.0.0.1:${inUse[turn++ % inUse.length]!.port}`;
}

/** The path is the key: `/users/123`. */
function workerFor(path: string): string {
  const socket = socketBySlot.get(ownerOf(path, [...socketBySlot.keys()]))!;
  return `unix+http://${encodeURIComponent(socket)}`;
}

function refresh(): void {
  socketBySlot = readSockets();
}

/** The workers that are there, each with its own socket. */
function readSockets(): Map<number, string> {
  return new Map(
    inUse.flatMap(({ runFolder }) =>
      readRoster(runFolder).map(({ slot, privateSocket }) => [slot, privateSocket] as const),
    ),
  );
}

function report(message: BalancerReport): void {
  process.send?.(message);
}
