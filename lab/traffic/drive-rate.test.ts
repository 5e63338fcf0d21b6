import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { drive } from './drive.ts';
import { Ledger } from './ledger.ts';

const REQUESTS = 40;
let server: Server;
afterEach(() => server.closeAllConnections());

function driveAtRate(port: number, ledger: Ledger, timeoutSeconds = 10) {
  return drive(
    {
      port,
      requests: REQUESTS,
      connections: 20,
      routing: 'fresh',
      ratePerSecond: 200,
      timeoutSeconds,
      firstRequest: 0,
      next: () => ({ key: 0, operation: 'read', method: 'GET', path: '/' }),
    },
    ledger,
    new AbortController().signal,
  );
}

async function listen(answer: (response: ServerResponse) => void): Promise<number> {
  server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

test('at a rate, a late answer does not hold up the requests after it', async () => {
  let first: ServerResponse | undefined;
  let asked = 0;
  // The first answer comes only when everything else has been asked.
  const port = await listen((response) => {
    asked += 1;
    if (asked === 1) first = response;
    else response.end();
    if (asked === REQUESTS) first?.end();
  });
  const ledger = new Ledger();
  const result = await driveAtRate(port, ledger);
  expect(result).toMatchObject({ sent: REQUESTS, errors: 0 });
  expect(ledger.length).toBe(REQUESTS);
});

test('requests that are never answered count as lost, and only those', async () => {
  let asked = 0;
  // Of two bursts, of five requests each.
  const silent = [1, 21];
  const port = await listen((response) => {
    asked += 1;
    if (!silent.includes(asked)) response.end();
  });
  const ledger = new Ledger();
  const result = await driveAtRate(port, ledger, 1);
  expect(result).toMatchObject({ sent: REQUESTS, errors: 2 });
  // They were waited for as long as the plan says, not for the ten seconds of one that says nothing.
  expect(result.durationMillis).toBeLessThan(9_000);
  expect(ledger.length).toBe(REQUESTS - 2);
});
