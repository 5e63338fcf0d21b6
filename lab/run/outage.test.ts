import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { BACKENDS, type BackendName } from '../../reports/record/vocabulary.ts';
import { auditPhase } from '../evidence/audit.ts';
import { inProcess } from '../fleet/fixtures/in-process.ts';
import { planIn } from '../fleet/fixtures/plan.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { type PrivateService, startService } from '../services/services.ts';
import { drive } from '../traffic/drive.ts';
import { Ledger, READ } from '../traffic/ledger.ts';
import { sendOne } from '../traffic/single-request.ts';
import { createRunFolder } from './run-folder.ts';

/** A shared cache that fails under load must never take the page down. On real services and workers. */

const KEYS = 20;

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
  act: (fleet: Fleet, service: PrivateService, runFolder: string) => Promise<void>,
  originDelayMillis = 0,
): Promise<void> {
  const run = createRunFolder();
  const service = await startService(BACKENDS[backend].service!, { runFolder: run.path });
  const plan = planIn(run, {
    backend,
    service: { location: service.location, keyPrefix: 'outage' },
    // A near cache has room for few, so that it has to ask the service too.
    cache: { maxEntries: 5, timeout: 300, cullFrequency: 3 },
    users: KEYS,
    originDelayMillis,
  });
  const fleet = await inProcess.start(plan, AbortSignal.timeout(60_000));
  try {
    await act(fleet, service, run.path);
  } finally {
    await fleet.stop();
    await service.stop();
    run.remove();
  }
}

/** Waits until the workers' own counters say that `count` grew; fails after ten seconds. */
async function untilGrown(fleet: Fleet, count: 'hits' | 'errors', by = 20): Promise<void> {
  const read = async () => {
    const snapshots = await fleet.snapshots();
    return snapshots.map(({ stats }) => stats[count]);
  };
  const first = await read();
  await vi.waitUntil(async () => (await read()).every((now, i) => now >= first[i]! + by), {
    timeout: 10_000,
    interval: 10,
  });
}

describe.concurrent.each(['redis', 'memcached', 'tiered'] as const)('%s', (backend) => {
  test('stopped, killed and restarted under load: every page is served, and the cache comes back', async () => {
    await withFleet(backend, async (fleet, service, runFolder) => {
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

test('a service that goes while a page is being loaded costs that page nothing', async () => {
  await withFleet(
    'redis',
    async (fleet, service) => {
      const to = { port: fleet.port };
      const never = new AbortController().signal;
      const asked = sendOne({ to, method: 'GET', path: '/users/1' }, never);
      const missed = async () =>
        (await fleet.snapshots()).some(({ stats }) => stats.missesCold > 0);
      await vi.waitUntil(missed, { timeout: 5_000, interval: 2 });
      await service.kill();
      const { status, headers } = await asked;
      expect(status).toBe(200);
      expect(headers['cache-status']).toMatch(/fwd=/);
      expect(headers['cache-status']).not.toContain('stored');
    },
    500,
  );
});
