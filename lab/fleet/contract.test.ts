import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { isRunning } from '../../server/running.ts';
import { LabError } from '../console/errors.ts';
import type { RunFolder } from '../run/run-folder.ts';
import { drive } from '../traffic/drive.ts';
import { Ledger } from '../traffic/ledger.ts';
import { sendOne } from '../traffic/single-request.ts';
import { newPlan } from './fixtures/plan.ts';
import { LAUNCHERS_AND_PROMISES, type Promises } from './fixtures/promises.ts';
import type { Fleet, WorkerHandle } from './fleet.ts';

const WORKERS = 2;
const KEYS = 5;
const CLIENTS = 4;
/** Long enough to look at the counters while a page is loaded. */
const ORIGIN_DELAY_MILLIS = 250;
const never = new AbortController().signal;

/** How many connections at a time the traffic has. */
const CONNECTIONS = 12;

/** Sends requests for a few pages. */
async function traffic(
  fleet: Fleet,
  requests: number,
  routing: Promises['routing'],
): Promise<Ledger> {
  const ledger = new Ledger();
  let sent = 0;
  await drive(
    {
      port: fleet.port,
      requests,
      connections: CONNECTIONS,
      routing,
      ratePerSecond: null,
      firstRequest: 0,
      next: () => {
        const key = sent++ % KEYS;
        return { key, operation: 'read', method: 'GET', path: `/users/${key + 1}` };
      },
    },
    ledger,
    never,
  );
  return ledger;
}

const get = (to: { port: number } | { socketPath: string }, path: string) =>
  sendOne({ to, method: 'GET', path }, never);

/** Who answers new connections, one after the other. */
async function slotsInTurn(fleet: Fleet, connections: number): Promise<number[]> {
  const slots = [];
  for (let i = 0; i < connections; i++) {
    slots.push(Number((await get(fleet, '/users/1')).headers['x-worker']));
  }
  return slots;
}

/**
 * What clients get meanwhile that keep their connections alive and heed `Connection: close`, as
 * browsers do and autocannon does not. Rejects when one gets no answer.
 */
async function statusesWhile({ port }: Fleet, act: Promise<void>): Promise<number[]> {
  let over = false;
  const done = act.finally(() => {
    over = true;
  });
  const statuses: number[] = [];
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CLIENTS });
  const client = async () => {
    while (!over) {
      const { statusCode, body } = await pool.request({ path: '/users/1', method: 'GET' });
      await body.text();
      statuses.push(statusCode);
      // Workers are starting meanwhile, on the same machine.
      await delay(10);
    }
  };
  await Promise.all([done, ...Array.from({ length: CLIENTS }, client)]);
  await pool.close();
  return statuses;
}

/** Which worker has counted another request since `before`. */
async function askedSince(fleet: Fleet, before: Map<number, number>): Promise<WorkerHandle> {
  for (;;) {
    const asked = (await fleet.snapshots()).find(
      ({ slot, requests }) => requests > before.get(slot)!,
    );
    if (asked) return (await fleet.workers()).find(({ slot }) => slot === asked.slot)!;
  }
}

const until = (condition: () => boolean) =>
  vi.waitUntil(condition, { timeout: 5_000, interval: 2 });

const controlSockets = (run: RunFolder) =>
  readdirSync(run.path).filter((name) => name.startsWith('control-'));

describe.each(LAUNCHERS_AND_PROMISES)('launcher $name', (promised) => {
  const { launcher, replaces, inTurn, routing, die, words } = promised;
  describe('a fleet', () => {
    const { run, plan } = newPlan({ workers: WORKERS, originDelayMillis: ORIGIN_DELAY_MILLIS });
    let fleet: Fleet;
    beforeAll(async () => {
      fleet = await launcher.start(plan, never);
    });
    afterAll(async () => {
      await fleet?.stop();
      run.remove();
    });

    test('has a worker in each slot, with private sockets', async () => {
      const workers = await fleet.workers();
      expect(workers.map(({ slot }) => slot)).toEqual([1, 2]);
      expect(new Set(workers.map(({ pid }) => pid)).size).toBe(replaces ? WORKERS : 1);
      expect(fleet.startMillis).toBeGreaterThan(0);
      for (const { controlSocket, privateSocket } of workers) {
        expect(statSync(controlSocket).mode & 0o777).toBe(0o700);
        expect(statSync(privateSocket).mode & 0o777).toBe(0o700);
      }
      expect(statSync(run.path).mode & 0o777).toBe(0o700);
    });

    test('has a cache for each worker, and counts what that one did', async () => {
      const before = await fleet.snapshots();
      const ledger = await traffic(fleet, 300, routing);
      expect(ledger.length).toBe(300);
      const rows = Array.from({ length: ledger.length }, (_, i) => ledger.row(i));
      const after = await fleet.snapshots({ keys: true });
      for (const [index, now] of after.entries()) {
        const then = before[index]!;
        const own = rows.filter(({ slot, pid }) => slot === now.slot && pid === now.pid);
        const misses = own.filter(({ outcome }) => outcome === 'cold').length;
        expect({
          requests: now.requests - then.requests,
          hits: now.stats.hits - then.stats.hits,
          misses: now.stats.missesCold - then.stats.missesCold,
          originQueries: now.originQueries - then.originQueries,
        }).toEqual({
          requests: own.length,
          hits: own.length - misses,
          misses,
          originQueries: misses,
        });
        expect(own.length).toBeGreaterThan(0);
        expect(now.keys).toHaveLength(now.entries!);
      }
      const connections = (snapshots: typeof after) =>
        snapshots.reduce((sum, one) => sum + one.connections, 0);
      expect(connections(after) - connections(before)).toBe(
        routing === 'fresh' ? 300 : CONNECTIONS,
      );
      expect(new Set(after.map(({ port }) => port))).toEqual(new Set([fleet.port]));
      // The point of the whole lab: one popular page lies in every worker's own cache.
      expect(after.every(({ keys }) => keys!.includes(':1:user_1'))).toBe(true);
    });

    if (inTurn)
      test('hands out new connections in turn', async () => {
        const slots = await slotsInTurn(fleet, 4 * WORKERS);
        expect(new Set(slots.slice(0, WORKERS)).size).toBe(WORKERS);
        expect(slots).toEqual(slots.map((_, i) => slots[i % WORKERS]));
      });

    if (!replaces)
      test('says that its workers cannot be replaced', async () => {
        await expect(fleet.kill(1)).rejects.toThrow(LabError);
        await expect(fleet.reload()).rejects.toThrow('cannot be replaced');
        expect(fleet.failure.aborted).toBe(false);
      });

    if (replaces)
      test('loses no request in a rolling reload, and begins with empty caches', async () => {
        const before = await fleet.workers();
        await get({ socketPath: before[0]!.privateSocket }, '/users/9');
        const statuses = await statusesWhile(fleet, fleet.reload());
        expect(new Set(statuses)).toEqual(new Set([200]));
        const after = await fleet.workers();
        expect(after.map(({ slot }) => slot)).toEqual([1, 2]);
        const old = new Set(before.map(({ pid }) => pid));
        expect(after.filter(({ pid }) => old.has(pid))).toEqual([]);
        const { headers } = await get({ socketPath: after[0]!.privateSocket }, '/users/9');
        expect(headers['cache-status']).toContain('detail=cold');
        expect(fleet.failure.aborted).toBe(false);
      });

    if (replaces)
      test('loses what a killed worker was at, and replaces it in its slot', async () => {
        const before = new Map((await fleet.snapshots()).map((one) => [one.slot, one.requests]));
        const workers = await fleet.workers();
        const lost = expect(get(fleet, '/users/20')).rejects.toThrow();
        const victim = await askedSince(fleet, before);
        await fleet.kill(victim.slot);
        await lost;
        const after = await fleet.workers();
        expect(after.map(({ slot }) => slot)).toEqual([1, 2]);
        for (const [index, { slot, pid }] of workers.entries()) {
          expect(after[index]!.pid === pid).toBe(slot !== victim.slot);
        }
        expect(fleet.failure.aborted).toBe(false);
        await expect(fleet.kill(99)).rejects.toThrow(RangeError);
      });

    test('fails with the name of a worker that dies, also after others were replaced', async () => {
      const [, second] = await fleet.workers();
      await die(fleet, second!);
      await until(() => fleet.failure.aborted);
      const { slot, pid } = replaces ? second! : (await fleet.workers())[0]!;
      expect(fleet.failure.reason).toBeInstanceOf(LabError);
      expect(fleet.failure.reason.message).toContain(`Worker ${slot} (pid ${pid}) died`);
      expect(fleet.failure.reason.message).toMatch(words);
    });

    test('leaves no worker, no socket and nobody at its port when it is stopped', async () => {
      const workers = await fleet.workers();
      await fleet.stop();
      await until(() => workers.every(({ pid }) => !isRunning(pid)));
      expect(controlSockets(run)).toEqual([]);
      await expect(get(fleet, '/users/1')).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
      await fleet.stop();
    });
  });

  test('workers that cannot start end the launch, with their last words', async () => {
    const { run, plan } = newPlan({ workers: 1, database: '/nowhere/origin.sqlite' });
    try {
      const started = launcher.start(plan, AbortSignal.timeout(20_000));
      await expect(started).rejects.toThrow(/unable to open database file|no such file/i);
      expect(controlSockets(run)).toEqual([]);
    } finally {
      run.remove();
    }
  });

  test('an abort while it starts leaves nothing behind', async () => {
    const { run, plan } = newPlan({ workers: WORKERS });
    try {
      const before = readdirSync(run.path).length;
      const controller = new AbortController();
      const started = launcher.start(plan, controller.signal);
      const ended = expect(started).rejects.toThrow('stopped by the test');
      await until(() => readdirSync(run.path).length > before);
      controller.abort(new Error('stopped by the test'));
      await ended;
      const pids = controlSockets(run).map((name) => Number(name.split(/[-.]/)[2]));
      expect(pids.filter(isRunning)).toEqual([]);
    } finally {
      run.remove();
    }
  });

  if (replaces)
    test('a reload whose new worker cannot start fails, and the fleet with it', async () => {
      const { run, plan } = newPlan({ workers: 1 });
      const fleet = await launcher.start(plan, never);
      try {
        writeFileSync(plan.settings.database, 'this is no database');
        const failed = await fleet.reload().catch((error) => error);
        expect(failed.message).toMatch(/file is not a database/);
        expect(fleet.failure.reason).toBe(failed);
      } finally {
        await fleet.stop();
        run.remove();
      }
    });
});
