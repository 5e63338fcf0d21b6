import type { AddressInfo } from 'node:net';
import proxy from '@fastify/http-proxy';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { ownerOf } from '../../scenarios/theory/rendezvous.ts';
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
  http: { agentOptions: { keepAlive: true, scheduling: 'fifo' } },
  disableCache: true,
  disableRequestLogging: true,
  upstream: '',
  // It wants to be told one; which it is, each request decides for itself.
  replyOptions: { getUpstream: () => 'http://127.0.0.1' },
  handler: (request, reply, path, options) => pass({ request, reply, path, options }, new Set()),
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
function pass(passing: Passing, tried: Set<string>): FastifyReply {
  const { request, reply, path, options } = passing;
  return reply.from(path, {
    ...options,
    getUpstream() {
      const upstream = settings.byKey ? workerFor(path, tried) : nextServer();
      tried.add(upstream);
      return upstream;
    },
    onError(_failed, { error }) {
      refresh();
      if (tried.size < ATTEMPTS && request.method === 'GET') pass(passing, tried);
      else reply.send(error);
    },
  });
}

function nextServer(): string {
  return `http://127.0.0.1:${inUse[turn++ % inUse.length]!.port}`;
}

/**
 * The path is the key: `/users/123`. A worker that was tried in vain may look alive for a moment
 * yet: its process ends before it is gone.
 */
function workerFor(path: string, tried: ReadonlySet<string>): string {
  const upstreams = new Map(
    [...socketBySlot].map(([slot, socket]) => [slot, `unix+http://${encodeURIComponent(socket)}`]),
  );
  const left = [...upstreams.keys()].filter((slot) => !tried.has(upstreams.get(slot)!));
  return upstreams.get(ownerOf(path, left.length > 0 ? left : [...upstreams.keys()]))!;
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
