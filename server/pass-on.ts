import { connect, createServer, type Server } from 'node:net';

/**
 * Accepts the connections of clients on `port` of 127.0.0.1 and passes on what they say to a Unix
 * socket: for workers that cannot take over a connection, because they share a process.
 *
 * @param next the socket of the worker whose turn it is; `null`: nobody is there
 * @throws the network's error when the port is taken
 */
export function passOn(port: number, next: () => string | Promise<string | null>): Promise<Server> {
  const server = createServer({ noDelay: true }, async (client) => {
    client.on('error', () => client.destroy());
    const socketPath = await next();
    if (socketPath === null) return client.destroy();
    const worker = connect(socketPath);
    worker.on('error', () => client.destroy());
    client.on('close', () => worker.destroy());
    client.pipe(worker).pipe(client);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port }, () => resolve(server));
  });
}
