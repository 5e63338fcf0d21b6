import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

export const title =
  'A cached GET /users/:id against a bare Fastify route with the same bytes and headers';

const ROUNDS = 10;
const REQUESTS = 8_000;

/** Both servers run in one thread, one beside the other; the load alternates between them. */
export async function run(print: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  const { default: autocannon } = await import('autocannon');
  const servers = new Worker(
    fileURLToPath(new URL('./fixtures/bench-servers.ts', import.meta.url)),
    {
      workerData: { folder },
    },
  );
  try {
    const ports = await new Promise<{ cached: number; bare: number }>((resolve, reject) => {
      servers.once('message', resolve);
      servers.once('error', reject);
    });
    const rate = async (port: number) => {
      const { duration, '2xx': good } = await autocannon({
        url: `http://127.0.0.1:${port}/users/1`,
        connections: 20,
        amount: REQUESTS,
        sampleInt: 10,
      });
      return good / duration;
    };
    await rate(ports.cached);
    await rate(ports.bare);
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      // Each goes first as often as the other.
      const bareFirst = round % 2 === 0 ? await rate(ports.bare) : 0;
      const cached = await rate(ports.cached);
      const bare = bareFirst || (await rate(ports.bare));
      ratios.push(cached / bare);
    }
    ratios.sort((a, b) => a - b);
    const median = (ratios[ROUNDS / 2 - 1]! + ratios[ROUNDS / 2]!) / 2;
    print(
      `${median.toFixed(2)} × (of ${ROUNDS} pairs: ${ratios[0]!.toFixed(2)} to ${ratios.at(-1)!.toFixed(2)}); aim: 0.9 or better`,
    );
  } finally {
    await servers.terminate();
    rmSync(folder, { recursive: true });
  }
}
