import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DrivePlan, drive } from './drive.ts';
import { Ledger } from './ledger.ts';
import { createWorkload } from './workload.ts';

let server: Server;
let connections = 0;
let asked: string[] = [];
let breakAfter = Infinity;

beforeEach(async () => {
  connections = 0;
  asked = [];
  breakAfter = Infinity;
  server = createServer((request, response) => {
    asked.push(request.url!);
    if (asked.length === breakAfter) {
      request.socket.destroy();
      return;
    }
    response.setHeader('x-worker', '2');
    response.setHeader('cache-status', 'LocMem; hit');
    response.setHeader('x-cache-sequence', String(asked.length));
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
  const ledger = new Ledger(16);
  await drive(plan(change), ledger, new AbortController().signal);
  return ledger;
}

describe.each([
  ['keep-alive', null, 10],
  ['keep-alive', 600, 10],
  ['fresh', null, 300],
  ['fresh', 600, 300],
] as const)('%s at a rate of %s', (routing, ratePerSecond, expectedConnections) => {
  test('every request comes back as one row, over as many connections as it should', async () => {
    const ledger = await ledgerOf({ routing, ratePerSecond });
    expect(ledger.length).toBe(300);
    expect(asked).toHaveLength(300);
    expect(connections).toBe(expectedConnections);
    const requests = [...ledger.request.subarray(0, 300)].sort((a, b) => a - b);
    expect(requests).toEqual(Array.from({ length: 300 }, (_, i) => i));
  });

  test('all connections together draw the one stream of the seed', async () => {
    const ledger = await ledgerOf({ routing, ratePerSecond });
    const inSendingOrder: number[] = [];
    for (let i = 0; i < 300; i++) inSendingOrder[ledger.request[i]!] = ledger.key[i]!;
    const { next } = createWorkload({ popularity: 'zipf', zipf: 0.8, keys: 50, seed: 3 });
    expect(inSendingOrder).toEqual(Array.from({ length: 300 }, next));
  });
});

test('a rate is kept: 300 requests at 600 a second are spread over about half a second', async () => {
  const ledger = await ledgerOf({ routing: 'fresh', ratePerSecond: 600 });
  // Counted, not timed: nothing can come before it is due.
  const early = [...ledger.arrivedMillis.subarray(0, 300)].filter(
    (millis, i) => millis < ((ledger.request[i]! - 15) / 600) * 1_000,
  );
  expect(early).toEqual([]);
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
});

test('a server that is gone ends it too', async () => {
  const gone = plan({});
  server.close();
  const ledger = new Ledger();
  const { errors } = await drive(gone, ledger, new AbortController().signal);
  expect(ledger.length).toBe(0);
  expect(errors).toBeGreaterThan(0);
});
