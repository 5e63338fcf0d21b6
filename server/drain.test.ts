import { Agent, createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { drain } from './drain.ts';

let server: Server;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
afterEach(() => {
  agent.destroy();
  server.closeAllConnections();
});

async function listening(): Promise<number> {
  server = createServer((_request, response) => response.end('here'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function get(port: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(response));
    });
    sent.on('error', reject);
    sent.end();
  });
}

test('a kept-alive connection gets its next answer, and is told that it was the last', async () => {
  const port = await listening();
  expect((await get(port)).headers.connection).toBe('keep-alive');
  const drained = drain(server);
  const last = await get(port);
  expect(last.statusCode).toBe(200);
  expect(last.headers.connection).toBe('close');
  await drained;
});

test('a new connection is refused from the beginning', async () => {
  const port = await listening();
  await get(port);
  const drained = drain(server);
  const refused = await new Promise((resolve) => {
    const late = connect(port, '127.0.0.1');
    late.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    late.on('connect', () => resolve('connected'));
  });
  expect(refused).toBe('ECONNREFUSED');
  await drained;
});

test('a client that stays silent does not hold it up', async () => {
  const port = await listening();
  await get(port);
  await drain(server);
  expect(server.listening).toBe(false);
});
