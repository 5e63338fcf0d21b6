import type { AddressInfo } from 'node:net';
import proxy from '@fastify/http-proxy';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { ownerOf } from '../../scenarios/theory/rendezvous.ts';
import type { Balancer, BalancerSettings, WorkerHandle } from './fleet.ts';

/** A worker that went is noticed at once, by its first error; one that came, this soon. */
const REFRESH_MILLIS = 20;
/** A request whose worker goes is given to another one, so many times. */
const ATTEMPTS = 5;

/** A request on its way. */
interface Passing {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly path: string;
  readonly options: Parameters<FastifyReply['from']>[1];
}

/**
 * Opens a balancer: round robin over servers, request by request; or by key, the same key always to
 * the same worker of them all.
 *
 * @param workersIn the workers that are there, by the folder of their server
 * @throws the network's error when the port is taken
 */
export async function openBalancer(
  settings: BalancerSettings,
  workersIn: (runFolder: string) => readonly WorkerHandle[],
): Promise<Balancer> {
  let inUse = settings.servers;
  let turn = 0;
  let upstreamBySlot = new Map<number, string>();
  refresh();
  const app = Fastify({ logger: false, forceCloseConnections: true });
  app.register(proxy, {
    // Plain node:http, which can talk to a worker's own socket.
    http: { agentOptions: { keepAlive: true, scheduling: 'fifo' } },
    disableCache: true,
    disableRequestLogging: true,
    upstream: '',
    // It wants to be told one; which it is, each request decides for itself.
    replyOptions: { getUpstream: () => 'http://127.0.0.1' },
    handler: (request, reply, path, options) => pass({ request, reply, path, options }, []),
  });
  await app.listen({ host: '127.0.0.1', port: settings.port });
  const refreshing = settings.byKey ? setInterval(refresh, REFRESH_MILLIS) : undefined;

  /** Passes a request on; when its worker went meanwhile, to another. Only reading may be done twice. */
  function pass(passing: Passing, tried: string[]): FastifyReply {
    const { request, reply, path, options } = passing;
    return reply.from(path, {
      ...options,
      getUpstream() {
        const upstream = settings.byKey ? workerFor(path, tried) : nextServer();
        tried.push(upstream);
        return upstream;
      },
      onError(_failed, { error }) {
        refresh();
        if (tried.length < ATTEMPTS && request.method === 'GET') pass(passing, tried);
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
  function workerFor(path: string, tried: readonly string[]): string {
    const slots = [...upstreamBySlot.keys()];
    const left = slots.filter((slot) => !tried.includes(upstreamBySlot.get(slot)!));
    return upstreamBySlot.get(ownerOf(path, left.length > 0 ? left : slots))!;
  }

  function refresh(): void {
    if (!settings.byKey) return;
    upstreamBySlot = new Map(
      inUse
        .flatMap(({ runFolder }) => workersIn(runFolder))
        .map(({ slot, privateSocket }) => [
          slot,
          `unix+http://${encodeURIComponent(privateSocket)}`,
        ]),
    );
  }

  return {
    port: (app.server.address() as AddressInfo).port,
    async use(servers) {
      inUse = servers.map((index) => settings.servers[index]!);
      refresh();
    },
    ended: new Promise(() => {}),
    async stop() {
      clearInterval(refreshing);
      await app.close();
    },
  };
}
