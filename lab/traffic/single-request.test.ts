import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LabError } from '../console/errors.ts';
import { askWorker, sendOne } from './single-request.ts';

const never = new AbortController().signal;
let folder: string;
let server: Server;
let connections: number;
beforeEach(() => {
  connections = 0;
  folder = mkdtempSync(path.join(tmpdir(), 'single-'));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function listen(answer: Answer, where: 'port' | 'socket' = 'port') {
  server = createServer(answer).on('connection', () => {
    connections += 1;
  });
  const socketPath = path.join(folder, 's');
  await new Promise<void>((resolve) => {
    if (where === 'socket') server.listen(socketPath, resolve);
    else server.listen(0, '127.0.0.1', resolve);
  });
  return where === 'socket' ? { socketPath } : { port: (server.address() as AddressInfo).port };
}

/** Answers with what was sent. */
const echo: Answer = async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  response.statusCode = 201;
  response.setHeader('x-worker', '3');
  response.end(
    JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }),
  );
};

describe.each(['port', 'socket'] as const)('a single request to a %s', (where) => {
  test('arrives as it was sent, and the answer as it was given', async () => {
    const to = await listen(echo, where);
    const plan = {
      to,
      method: 'PUT',
      path: '/users/1?a=b',
      headers: { cookie: 'c=d' },
      body: '{"é":1}',
    };
    const { status, headers, body } = await sendOne(plan, never);
    expect([status, headers['x-worker']]).toEqual([201, '3']);
    expect(JSON.parse(body)).toMatchObject({
      method: 'PUT',
      url: '/users/1?a=b',
      body: '{"é":1}',
      headers: { cookie: 'c=d', 'content-type': 'application/json', 'content-length': '8' },
    });
  });

  test('has a connection of its own, which is closed after it', async () => {
    const to = await listen(echo, where);
    for (let i = 0; i < 3; i++) await sendOne({ to, method: 'GET', path: '/' }, never);
    expect(connections).toBe(3);
    const open = await new Promise((resolve) =>
      server.getConnections((_, count) => resolve(count)),
    );
    expect(open).toBe(0);
  });
});

test('is timed to the end of the body', async () => {
  const to = await listen((_request, response) => {
    response.write('first');
    setTimeout(() => response.end('last'), 60);
  });
  const { body, latencyMicros } = await sendOne({ to, method: 'GET', path: '/' }, never);
  expect(body).toBe('firstlast');
  expect(latencyMicros).toBeGreaterThan(59_000);
});

test('ends with what the signal is aborted by, and at once', async () => {
  const to = await listen(() => {});
  const controller = new AbortController();
  const started = performance.now();
  const sent = sendOne({ to, method: 'GET', path: '/' }, controller.signal);
  controller.abort(new LabError('The run was interrupted.', { remedy: 'Run again.' }));
  await expect(sent).rejects.toBe(controller.signal.reason);
  // And not after the ten seconds that an answer may take.
  expect(performance.now() - started).toBeLessThan(8_000);
});

test('without an answer in time, or with half of one, it says what was asked', async () => {
  for (const answer of [
    () => {},
    (_: unknown, response: ServerResponse) => response.write('half'),
  ]) {
    const to = await listen(answer as Answer);
    const failed = await sendOne({ to, method: 'GET', path: '/users/7' }, never, 50).catch(
      (e) => e,
    );
    expect(failed).toBeInstanceOf(LabError);
    expect(failed.message).toBe('GET /users/7 was not answered in 0.05 s.');
    server.closeAllConnections();
    server.close();
  }
});

test('a connection that breaks, or that nobody takes, is an error', async () => {
  const to = await listen((request) => request.socket.destroy());
  await expect(sendOne({ to, method: 'GET', path: '/' }, never)).rejects.toThrow();
  await new Promise((resolve) => server.close(resolve));
  await expect(sendOne({ to, method: 'GET', path: '/' }, never)).rejects.toThrow('ECONNREFUSED');
});

describe('a worker on its control socket', () => {
  const worker = () => ({ slot: 3, pid: 4711, controlSocket: path.join(folder, 's') });

  test('is asked as is said, and what it answers is read', async () => {
    await listen((request, response) => {
      response.end(JSON.stringify([request.method, request.url]));
    }, 'socket');
    expect(await askWorker(worker(), '/snapshot?keys')).toEqual(['GET', '/snapshot?keys']);
    expect(await askWorker(worker(), '/clear', { method: 'POST' })).toEqual(['POST', '/clear']);
  });

  test('that does not answer is named', async () => {
    await listen(() => {}, 'socket');
    const failed = await askWorker<never>(worker(), '/snapshot', { limitMillis: 50 }).catch(
      (e: Error) => e as LabError,
    );
    expect(failed).toBeInstanceOf(LabError);
    expect(failed.message).toBe('Worker 3 (pid 4711) does not answer: not in 0.05 s.');
  });

  test.each([404, 500])('that answers %i is named, with its words', async (status) => {
    await listen((_request, response) => {
      response.statusCode = status;
      response.end('{"message":"out of order"}');
    }, 'socket');
    await expect(askWorker(worker(), '/snapshot')).rejects.toThrow(
      `Worker 3 (pid 4711) answered ${status} to /snapshot on its control socket: {"message":"out of order"}`,
    );
  });
});
