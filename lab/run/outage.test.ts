import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { BACKENDS, type BackendName } from '../../reports/record/vocabulary.ts';
import { generateDatabase } from '../../server/origin/database.ts';
import type { WorkerSettings } from '../../server/protocol.ts';
import { auditPhase } from '../evidence/audit.ts';
import { inProcess } from '../fleet/fixtures/in-process.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { type PrivateService, startService } from '../services/services.ts';
import { drive } from '../traffic/drive.ts';
import { Ledger, READ } from '../traffic/ledger.ts';

/** A shared cache that fails under load must never take the page down. On real services and workers. */

const KEYS = 20;
const runFolder = mkdtempSync(path.join(tmpdir(), 'cache-lab-test-'));
const database = path.join(runFolder, 'origin.sqlite');
generateDatabase(database, { users: KEYS, seed: 1 });
afterAll(() => rmSync(runFolder, { recursive: true, force: true }));

/** Traffic that goes on until `act` is done and `enough` is seen; what came of it. */
async function underLoad(
  fleet: Fleet,
  act: () => Promise<void>,
): Promise<{ ledger: Ledger; sent: number }> {
  const ledger = new Ledger();
  const done = act();
  done.catch(() => {});
  let over = false;
  void done.finally(() => {
    over = true;
  });
  let sent = 0;
  let key = 0;
  while (!over) {
    const result = await drive(
      {
        port: fleet.port,
        requests: 100,
        connections: 10,
        routing: 'keep-alive',
        ratePerSecond: null,
        firstRequest: sent,
        next: () => {
          key = (key + 1) % KEYS;
          return { key, operation: 'read', method: 'GET', path: `/users/${key + 1}` };
        },
      },
      ledger,
      fleet.failure,
    );
    sent += result.sent;
  }
  await done;
  return { ledger, sent };
}

async function withFleet(
  backend: BackendName,
  run: (fleet: Fleet, service: PrivateService) => Promise<void>,
): Promise<void> {
  const service = await startService(BACKENDS[backend].service!, { runFolder });
  const settings: WorkerSettings = {
    runFolder,
    port: 0,
    backend,
    service: { location: service.location, keyPrefix: 'outage' },
    // A near cache has room for few, so that it has to ask the service too.
    cache: { maxEntries: 5, timeout: 300, cullFrequency: 3 },
    database,
    users: KEYS,
    originDelayMillis: 0,
    features: [],
    labPid: process.pid,
  };
  const plan = { workers: 2, settings };
  const fleet = await inProcess.start(plan, AbortSignal.timeout(60_000));
  try {
    await run(fleet, service);
  } finally {
    await fleet.stop();
    await service.stop();
  }
}

/** Waits until the workers' own counters say that `count` grew; fails after ten seconds. */
async function untilGrown(fleet: Fleet, count: 'hits' | 'errors', by = 20): Promise<void> {
  const read = async () => {
    const snapshots = await fleet.snapshots();
    return snapshots.map(({ stats }) => stats[count]);
  };
  const first = await read();
  const limit = performance.now() + 10_000;
  for (;;) {
    const now = await read();
    if (now.every((value, index) => value >= first[index]! + by)) return;
    if (performance.now() > limit) throw new Error(`${count} did not grow: ${first} → ${now}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe.each(['redis', 'memcached', 'tiered'] as const)('%s', (backend) => {
  test('stopped, killed and restarted under load: every page is served, and the cache comes back', async () => {
    await withFleet(backend, async (fleet, service) => {
      const pids = (await fleet.workers()).map(({ pid }) => pid);
      const before = await fleet.snapshots();
      const away = async (leave: () => unknown, comeBack: () => unknown) => {
        await leave();
        await untilGrown(fleet, 'errors');
        await comeBack();
        await untilGrown(fleet, 'hits');
      };
      const { ledger, sent } = await underLoad(fleet, async () => {
        await untilGrown(fleet, 'hits');
        await away(
          () => process.kill(service.pid, 'SIGSTOP'),
          () => process.kill(service.pid, 'SIGCONT'),
        );
        await away(
          () => service.kill(),
          () => service.restart(),
        );
      });
      const after = await fleet.snapshots();

      const statuses = new Set(ledger.status.subarray(0, ledger.length));
      expect([...statuses]).toEqual([200]);
      expect(ledger.length).toBe(sent);
      expect(ledger.operation.subarray(0, ledger.length).every((one) => one === READ)).toBe(true);
      // Errors are neither hits nor misses, and the clients saw as many as the workers counted.
      const audit = auditPhase({ ledger, before, after, sent });
      expect(audit.checks.filter(({ holds }) => !holds)).toEqual([]);
      // Nobody crashed, and nobody filled the log.
      expect((await fleet.workers()).map(({ pid }) => pid)).toEqual(pids);
      const lines = readdirSync(runFolder)
        .filter((name) => name.startsWith('worker-'))
        .flatMap((name) => readFileSync(path.join(runFolder, name), 'utf8').split('\n'));
      expect(lines.length).toBeLessThan(60);
    });
  }, 60_000);
});

test('a page is slow once when a service falls silent, not each time', async () => {
  await withFleet('redis', async (fleet, service) => {
    const { ledger } = await underLoad(fleet, async () => {
      await untilGrown(fleet, 'hits');
      process.kill(service.pid, 'SIGSTOP');
      await untilGrown(fleet, 'errors', 200);
      process.kill(service.pid, 'SIGCONT');
    });
    // 10 connections, 1 s of patience: so many requests may have been under way when it happened.
    const slow = ledger.latencyMicros
      .subarray(0, ledger.length)
      .filter((micros) => micros > 900_000);
    expect(slow.length).toBeGreaterThan(0);
    expect(slow.length).toBeLessThanOrEqual(10);
  });
}, 60_000);
