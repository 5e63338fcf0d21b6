import { Agent, createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { drain } from './drain.ts';

/** Longer than a test waits: where this is the patience, something else has to end the drain. */
const LONG = 60_000;

let server: Server;
let port: number;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const clients: Socket[] = [];
afterEach(() => {
  agent.destroy();
  for (const client of clients.splice(0)) client.destroy();
  server.closeAllConnections();
});

async function listen(): Promise<void> {
  server = createServer((_request, response) => response.end('here'));
  // Else Node itself would close what was idle for some seconds.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
}

function get(): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(response));
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** A connection on which so much is said, and then nothing more; it is at the server when this is done. */
async function say(text: string): Promise<void> {
  const arrived = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const client = connect(port, '127.0.0.1');
  clients.push(client);
  const atServer = await arrived;
  if (text === '') return;
  const read = new Promise((resolve) => atServer.once('data', resolve));
  client.write(text);
  await read;
}

test('a kept-alive connection gets its next answer, and is told that it was the last', async () => {
  await listen();
  expect((await get()).headers.connection).toBe('keep-alive');
  const drained = drain(server, { graceMillis: LONG, limitMillis: LONG });
  const last = await get();
  expect(last.statusCode).toBe(200);
  expect(last.headers.connection).toBe('close');
  await drained;
});

test('a new connection is refused from the beginning', async () => {
  await listen();
  await get();
  const drained = drain(server, { graceMillis: 50, limitMillis: LONG });
  const refused = await new Promise((resolve) => {
    const late = connect(port, '127.0.0.1');
    late.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    late.on('connect', () => resolve('connected'));
  });
  expect(refused).toBe('ECONNREFUSED');
  await drained;
});

test('a client that stays silent after an answer is waited for as long as the grace', async () => {
  await listen();
  await get();
  const started = performance.now();
  await drain(server, { graceMillis: 100, limitMillis: LONG });
  expect(performance.now() - started).toBeGreaterThan(95);
});

describe('nobody holds it up for longer than the limit', () => {
  test.each([
    ['a client that never says anything', ''],
    ['a client in the middle of a request', 'GET / HTTP/1.1\r\nHost: '],
    ['a client in the middle of what it sends', 'PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf'],
  ])('%s', async (_who, text) => {
    await listen();
    await say(text);
    await drain(server, { graceMillis: 1, limitMillis: 100 });
    expect(server.listening).toBe(false);
  });
});
