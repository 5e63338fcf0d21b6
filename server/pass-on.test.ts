import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { passOn } from './pass-on.ts';

let folder: string;
let worker: Server;
let server: Server;
let next: string | null;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'pass-on-'));
  next = path.join(folder, 's');
  worker = createServer().listen(next);
  await once(worker, 'listening');
  server = await passOn(0, async () => next);
});
afterEach(() => {
  worker.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const newClient = () => connect((server.address() as AddressInfo).port, '127.0.0.1');

test('what each side says reaches the other', async () => {
  worker.on('connection', (socket) => socket.once('data', (text) => socket.end(`heard ${text}`)));
  const client = newClient();
  client.write('hello');
  expect(String((await once(client, 'data'))[0])).toBe('heard hello');
  await once(client, 'close');
});

test('a client that breaks off leaves no connection to the worker', async () => {
  const client = newClient();
  const [atWorker] = (await once(worker, 'connection')) as [Socket];
  client.write('hello');
  await once(atWorker, 'data');
  const closed = once(atWorker, 'close');
  client.resetAndDestroy();
  await closed;
});

test('where nobody is there, or nobody listens any more, the client is turned away', async () => {
  for (const socket of [null, path.join(folder, 'nobody')]) {
    next = socket;
    const client = newClient();
    await once(client, 'close');
  }
});
