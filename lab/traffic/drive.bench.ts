import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import autocannon from 'autocannon';
import { drive } from './drive.ts';
import { Ledger } from './ledger.ts';
import { createWorkload } from './workload.ts';

export const title = "The lab's driver with its ledger against plain autocannon, on the same route";

const ROUNDS = 10;
const REQUESTS = 8_000;
const CONNECTIONS = 20;

/** Requests per second of both, in pairs, against one server in a thread of its own. */
export async function run(print: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  const server = new Worker(
    fileURLToPath(new URL('../../server/fixtures/bench-servers.ts', import.meta.url)),
    { workerData: { folder } },
  );
  try {
    const { cached } = await new Promise<{ cached: number }>((resolve, reject) => {
      server.once('message', resolve);
      server.once('error', reject);
    });
    print(`${await ratio(ours, plain, cached)}; aim: 0.85 or better`);
    print(
      `${await ratio(ours, scripted, cached)} against autocannon with an empty script per request`,
    );
  } finally {
    await server.terminate();
    rmSync(folder, { recursive: true });
  }
}

type Run = (port: number) => Promise<number>;

/** Median of the ratios of pairs; each goes first as often as the other. */
async function ratio(ours: Run, other: Run, port: number): Promise<string> {
  await ours(port);
  await other(port);
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const otherFirst = round % 2 === 0 ? await other(port) : 0;
    const mine = await ours(port);
    ratios.push(mine / (otherFirst || (await other(port))));
  }
  ratios.sort((a, b) => a - b);
  const median = (ratios[ROUNDS / 2 - 1]! + ratios[ROUNDS / 2]!) / 2;
  return `${median.toFixed(2)} × (of ${ROUNDS} pairs: ${ratios[0]!.toFixed(2)} to ${ratios.at(-1)!.toFixed(2)})`;
}

/** What any driver must do that chooses each request and sees each response. */
async function scripted(port: number): Promise<number> {
  const started = performance.now();
  await autocannon({
    url: `http://127.0.0.1:${port}/users/1`,
    connections: CONNECTIONS,
    amount: REQUESTS,
    sampleInt: 10,
    requests: [{ setupRequest: (request) => request, onResponse: () => {} }],
  });
  return REQUESTS / (performance.now() - started);
}

async function plain(port: number): Promise<number> {
  const started = performance.now();
  await autocannon({
    url: `http://127.0.0.1:${port}/users/1`,
    connections: CONNECTIONS,
    amount: REQUESTS,
    sampleInt: 10,
  });
  return REQUESTS / (performance.now() - started);
}

async function ours(port: number): Promise<number> {
  const workload = createWorkload({ popularity: 'zipf', zipf: 0.8, keys: 200, seed: 1 });
  const ledger = new Ledger();
  const started = performance.now();
  await drive(
    {
      port,
      requests: REQUESTS,
      connections: CONNECTIONS,
      routing: 'keep-alive',
      ratePerSecond: null,
      firstRequest: 0,
      next: () => {
        const key = workload.next();
        return { key, operation: 'read', method: 'GET', path: '/users/1' };
      },
    },
    ledger,
    new AbortController().signal,
  );
  return ledger.length / (performance.now() - started);
}
