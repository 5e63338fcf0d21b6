import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { drive } from './drive.ts';
import type { DrivePlan } from './drive-plan.ts';
import { Ledger } from './ledger.ts';
import { createWorkload } from './workload.ts';

let server: Server;
let connections = 0;
let asked: string[] = [];
let atOnce = 0;
let mostAtOnce = 0;
let breakAfter = Infinity;
let answerAfterMillis = 0;

beforeEach(async () => {
  connections = 0;
  asked = [];
  atOnce = 0;
  mostAtOnce = 0;
  breakAfter = Infinity;
  answerAfterMillis = 0;
  server = createServer(async (request, response) => {
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push([request.method, request.url, request.headers['x-client'], body].join(' ').trim());
    if (asked.length === breakAfter) {
      request.socket.destroy();
      return;
    }
    response.setHeader('x-worker', '2');
    response.setHeader('cache-status', 'LocMem; hit');
    response.setHeader('x-cache-sequence', String(asked.length));
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    if (answerAfterMillis > 0) await delay(answerAfterMillis);
    atOnce -= 1;
    response.end('ok');
  }).on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function plan(change: Partial<DrivePlan>): DrivePlan {
  const workload = createWorkload({ popularity: 'zipf', zipf: 0.8, keys: 50, seed: 3 });
  return {
    port: (server.address() as AddressInfo).port,
    requests: 300,
    connections: 10,
    routing: 'keep-alive',
    ratePerSecond: null,
    firstRequest: 0,
    next: () => {
      const key = workload.next();
      return { key, operation: 'read', method: 'GET', path: `/users/${key + 1}` };
    },
    ...change,
  };
}

async function ledgerOf(change: Partial<DrivePlan>): Promise<Ledger> {
  const ledger = new Ledger();
  await drive(plan(change), ledger, new AbortController().signal);
  return ledger;
}

test.each([
  ['keep-alive', null, 10],
  ['keep-alive', 600, 10],
  ['fresh', null, 300],
  ['fresh', 600, 300],
] as const)(
  '%s at a rate of %s: every request is a row, of the one stream, over as many connections as it should',
  async (routing, ratePerSecond, expectedConnections) => {
    const ledger = await ledgerOf({ routing, ratePerSecond });
    expect(ledger.length).toBe(300);
    expect(asked).toHaveLength(300);
    expect(connections).toBe(expectedConnections);
    const requests = [...ledger.request.subarray(0, 300)];
    expect(requests.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i));
    const inSendingOrder: number[] = [];
    for (let i = 0; i < 300; i++) inSendingOrder[ledger.request[i]!] = ledger.key[i]!;
    const { next } = createWorkload({ popularity: 'zipf', zipf: 0.8, keys: 50, seed: 3 });
    expect(inSendingOrder).toEqual(Array.from({ length: 300 }, next));
    const pages = inSendingOrder.map((key) => `GET /users/${key + 1}`);
    expect(asked.toSorted()).toEqual(pages.toSorted());
    if (ratePerSecond !== null) expect(early(ledger, routing)).toBe(0);
  },
);

/** How many of 300 responses came before they were due, at 600 a second over ten connections. */
function early(ledger: Ledger, routing: 'fresh' | 'keep-alive'): number {
  // Kept alive, each connection sends what it may in its second at once, a tenth after the one before.
  const due = (request: number) =>
    routing === 'fresh' ? (request - 15) / 0.6 : Math.floor(request / 30) * 100 - 5;
  return ledger.arrivedMillis
    .subarray(0, 300)
    .filter((millis, i) => millis < due(routing === 'fresh' ? ledger.request[i]! : i)).length;
}

async function seconds(change: Partial<DrivePlan>): Promise<number> {
  const { durationMillis } = await drive(plan(change), new Ledger(), new AbortController().signal);
  return durationMillis / 1_000;
}

test('fresh connections keep the distance of a rate, however fast the answers come', async () => {
  // Eleven distances of a twentieth of a second lie between twelve requests.
  const load = { requests: 12, connections: 12, routing: 'fresh', ratePerSecond: 20 } as const;
  expect(await seconds(load)).toBeGreaterThan(0.54);
});

test('a rate is reached', async () => {
  const load = { requests: 60, connections: 4 };
  // What the machine takes at least; it is busy with other things, too.
  const unhurried = await seconds({ ...load, routing: 'fresh' });
  const atRate = await Promise.all(
    (['fresh', 'keep-alive'] as const).map((routing) =>
      seconds({ ...load, routing, ratePerSecond: 100 }),
    ),
  );
  for (const taken of atRate) expect(taken).toBeLessThan(0.9 + 5 * unhurried);
});

test('requests are numbered on from the first, and arrivals counted from when the phase began', async () => {
  const ledger = await ledgerOf({
    requests: 20,
    firstRequest: 1_000,
    phaseStarted: performance.now() - 60_000,
  });
  const numbers = [...ledger.request.subarray(0, 20)].sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 20 }, (_, i) => 1_000 + i));
  const arrived = ledger.arrivedMillis.subarray(0, 20);
  expect(arrived.every((millis) => millis >= 60_000)).toBe(true);
  const fromNow = await ledgerOf({ requests: 20 });
  expect(fromNow.arrivedMillis[0]).toBeLessThan(60_000);
});

test('a request is sent as planned, and each response shown with its row', async () => {
  const seen: unknown[] = [];
  await ledgerOf({
    requests: 10,
    connections: 1,
    next: () => ({
      key: 7,
      operation: 'delete',
      method: 'PUT',
      path: '/users/8',
      headers: { 'content-type': 'application/json', 'x-client': 'a' },
      body: '{"name":"Ada"}',
    }),
    onResponse: ({ key, operation, request }, headers, body) =>
      seen.push([key, operation, request, headers['x-worker'], headers['set-cookie'], body]),
  });
  expect(new Set(asked)).toEqual(new Set(['PUT /users/8 a {"name":"Ada"}']));
  expect(seen).toEqual(
    Array.from({ length: 10 }, (_, i) => [7, 'delete', i, '2', 'a=1, b=2', 'ok']),
  );
});

test.each(['fresh', 'keep-alive', 'by-key'] as const)(
  'as many are sent as were asked for, also where connections do not divide them (%s)',
  async (routing) => {
    const ledger = new Ledger();
    const written: number[] = [];
    // Whoever is shown a response finds it in the ledger.
    const onResponse = () => written.push(ledger.length);
    const load = plan({ routing, requests: 23, connections: 5, onResponse });
    const { sent } = await drive(load, ledger, new AbortController().signal);
    expect([sent, ledger.length, asked.length]).toEqual([23, 23, 23]);
    expect(written).toEqual(Array.from({ length: 23 }, (_, i) => i + 1));
  },
);

test.each([null, 2_000])(
  'fresh connections at a rate of %s are no more at once than were asked for',
  async (ratePerSecond) => {
    answerAfterMillis = 30;
    await ledgerOf({ routing: 'fresh', ratePerSecond, requests: 60, connections: 12 });
    expect(mostAtOnce).toBeGreaterThan(1);
    expect(mostAtOnce).toBeLessThanOrEqual(12);
  },
);

test('latency is in microseconds', async () => {
  answerAfterMillis = 40;
  const ledger = await ledgerOf({ requests: 10 });
  for (const micros of ledger.latencyMicros.subarray(0, 10)) {
    expect(micros).toBeGreaterThan(39_000);
    expect(micros).toBeLessThan(10_000_000);
  }
});

test('what the headers say stands in the row', async () => {
  const ledger = await ledgerOf({ requests: 10 });
  expect(ledger.row(0)).toMatchObject({ slot: 2, outcome: 'hit', status: 200, storedSequence: 0 });
  expect(ledger.row(0).latencyMicros).toBeGreaterThan(0);
});

test('a response that is lost is not counted as one', async () => {
  breakAfter = 50;
  const ledger = new Ledger();
  const { sent } = await drive(plan({}), ledger, new AbortController().signal);
  expect(sent - ledger.length).toBe(1);
});

test('an abort ends it and is thrown', async () => {
  const controller = new AbortController();
  const running = drive(plan({ requests: 100_000 }), new Ledger(), controller.signal);
  controller.abort(new Error('enough'));
  await expect(running).rejects.toThrow('enough');
  expect(asked.length).toBeLessThan(1_000);
});

test('a server that is gone ends it too', async () => {
  const gone = plan({});
  server.close();
  const ledger = new Ledger();
  const { errors } = await drive(gone, ledger, new AbortController().signal);
  expect(ledger.length).toBe(0);
  expect(errors).toBeGreaterThan(0);
});
