import cluster from 'node:cluster';
import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';

/** How long clients may take. */
export interface Patience {
  /** A connection that is kept alive may take so long to send its next request and be told to go. */
  readonly graceMillis: number;
  /** A client that is in the middle of a request, or never sent one, must not hold up a restart. */
  readonly limitMillis: number;
}

const PATIENCE: Patience = { graceMillis: 250, limitMillis: 5_000 };

/**
 * Takes a server out of service without losing a request: no new connection is accepted, requests
 * on the open ones are answered with `Connection: close`, and only connections that stay idle are
 * closed. Done when the last one is gone and, in a cluster, the primary sends no more.
 *
 * `http.Server.close` alone closes idle connections at once. A request that is on its way to such
 * a connection is then answered by a reset.
 */
export async function drain(server: Server, patience: Patience = PATIENCE): Promise<void> {
  server.prependListener('request', (_request, response) => {
    response.setHeader('connection', 'close');
  });
  const grace = setTimeout(() => server.closeIdleConnections(), patience.graceMillis);
  const limit = setTimeout(() => server.closeAllConnections(), patience.limitMillis);
  await closed(server);
  clearTimeout(grace);
  clearTimeout(limit);
  // A connection that the primary sent before it heard of the close is sent back to it, and goes to
  // another worker: unless this process ends before it has read the message.
  if (cluster.worker?.isConnected()) {
    await new Promise<void>((resolve) => {
      process.once('disconnect', resolve);
      cluster.worker?.disconnect();
    });
  }
}

/** Stops accepting; done when every connection has ended. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    NetServer.prototype.close.call(server, () => resolve());
  });
}
