import { setTimeout as delay } from 'node:timers/promises';
import { BACKENDS, type BackendName, type ServiceName } from '../../reports/record/vocabulary.ts';
import type { Cache } from '../../server/cache/cache.ts';
import { restore, store } from '../../server/cache/copy.ts';
import { openCache } from '../../server/cache/index.ts';
import { planIn } from '../fleet/fixtures/plan.ts';
import { loadLauncher } from '../fleet/index.ts';
import { createRunFolder, type RunFolder } from '../run/run-folder.ts';
import { drive } from '../traffic/drive.ts';
import { Ledger } from '../traffic/ledger.ts';
import { type PrivateService, startService } from './services.ts';

export const title = 'Shared caches beside local memory, on private services of this machine';

const PAGE = {
  id: 123,
  name: 'User 123',
  version: 1,
  orders: 412,
  spentCents: 10_331_270,
  averageCents: 25_075,
  largestCents: 50_099,
  lastOrderDay: '2025-12-30',
};
const MEASURED = ['locmem', 'tiered', 'redis', 'memcached'] as const;
const IN_MEMORY = new Set(['locmem', 'tiered']);
const ROUNDS = 5;

type Services = Readonly<Record<ServiceName, PrivateService>>;

export async function run(print: (line: string) => void): Promise<void> {
  const folder = createRunFolder();
  const [redis, memcached] = await Promise.all([
    startService('redis', { runFolder: folder.path }),
    startService('memcached', { runFolder: folder.path }),
  ]);
  const services = { redis, memcached };
  try {
    await hits(services, print);
    await fleets(services, folder, print);
  } finally {
    await Promise.all([redis.stop(), memcached.stop()]);
    folder.remove();
  }
}

/** One page, got again and again in one process: one after the other, and a hundred at a time. */
async function hits(services: Services, print: (line: string) => void): Promise<void> {
  const caches = new Map<BackendName, Cache>();
  for (const backend of MEASURED) {
    const cache = await openCache({ backend, ...placeOf(backend, services) });
    await cache.set('user_123', PAGE);
    // A near copy is at hand from the moment that the messages about changes arrive.
    while (backend === 'tiered' && cache.get('user_123') instanceof Promise) await delay(5);
    caches.set(backend, cache);
  }
  const alone = await bestOf(caches, (cache, backend) =>
    microsOf(IN_MEMORY.has(backend) ? 200_000 : 2_000, () => cache.get('user_123')),
  );
  const together = await bestOf(caches, (cache) =>
    microsOf(100, () => Promise.all(Array.from({ length: 100 }, () => cache.get('user_123')))),
  );
  const local = alone.get('locmem')!;
  for (const [backend, micros] of alone) {
    print(
      `get on a hit, ${backend.padEnd(9)} ${micros.toFixed(3).padStart(8)} µs (${(local / micros).toFixed(3)} × locmem); ` +
        `a hundred at a time ${(together.get(backend)! / 100).toFixed(2)} µs each`,
    );
  }
  const copies = store(PAGE);
  const copying = await microsOf(200_000, () => restore(copies));
  const near = alone.get('tiered')!;
  print(
    `tiered, hit in memory: ${(local / near).toFixed(3)} × locmem; aim: at least 0.2. Of its ${near.toFixed(3)} µs ` +
      `the copy takes ${copying.toFixed(3)}.`,
  );
  for (const cache of caches.values()) await cache.close();
}

/** Requests per second of four workers when every lookup is a hit; the backends take turns. */
async function fleets(
  services: Services,
  run: RunFolder,
  print: (line: string) => void,
): Promise<void> {
  const rates = new Map<BackendName, number[]>(MEASURED.map((name) => [name, []]));
  for (let round = 1; round <= 3; round++) {
    for (const [backend, seen] of rates) {
      seen.push(await requestsPerSecond(backend, services, run));
    }
  }
  const best = (backend: BackendName) => Math.max(...rates.get(backend)!);
  for (const backend of MEASURED) {
    print(
      `4 workers, all hits, ${backend.padEnd(9)} ${best(backend).toFixed(0).padStart(6)} requests/s (${(best(backend) / best('locmem')).toFixed(2)} × locmem)`,
    );
  }
}

async function requestsPerSecond(
  backend: BackendName,
  services: Services,
  run: RunFolder,
): Promise<number> {
  const { location } = placeOf(backend, services);
  const service = location === undefined ? undefined : { location, keyPrefix: 'bench' };
  const plan = planIn(run, { workers: 4, users: 8, backend, service });
  const fleet = await (await loadLauncher('cluster')).start(plan, AbortSignal.timeout(60_000));
  try {
    const send = async (requests: number) => {
      let sent = 0;
      const began = performance.now();
      await drive(
        {
          port: fleet.port,
          requests,
          connections: 16,
          routing: 'keep-alive',
          ratePerSecond: null,
          firstRequest: 0,
          next: () => {
            const key = sent++ % 8;
            return { key, operation: 'read', method: 'GET', path: `/users/${key + 1}` };
          },
        },
        new Ledger(),
        fleet.failure,
      );
      return (1_000 * requests) / (performance.now() - began);
    };
    await send(4_000);
    return await send(8_000);
  } finally {
    await fleet.stop();
  }
}

function placeOf(backend: BackendName, services: Services): { location?: string } {
  const { service } = BACKENDS[backend];
  return service ? { location: services[service].location } : {};
}

/** The least of several rounds, in which the caches take turns: what else the machine does only adds. */
async function bestOf(
  caches: ReadonlyMap<BackendName, Cache>,
  measure: (cache: Cache, backend: BackendName) => Promise<number>,
): Promise<Map<string, number>> {
  const best = new Map<string, number>();
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [backend, cache] of caches) {
      const micros = await measure(cache, backend);
      best.set(backend, Math.min(best.get(backend) ?? Number.POSITIVE_INFINITY, micros));
    }
  }
  return best;
}

/** Microseconds per call; what answers at once is not waited for. */
async function microsOf(times: number, call: () => unknown): Promise<number> {
  const began = performance.now();
  for (let i = 0; i < times; i++) {
    const answer = call();
    if (answer instanceof Promise) await answer;
  }
  return ((performance.now() - began) * 1_000) / times;
}
