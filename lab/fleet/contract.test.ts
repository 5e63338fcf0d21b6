import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { generateDatabase } from '../../server/origin/database.ts';
import type { WorkerSettings } from '../../server/protocol.ts';
import { isRunning } from '../../server/running.ts';
import { LabError } from '../console/errors.ts';
import { createRunFolder, type RunFolder } from '../run/run-folder.ts';
import { drive } from '../traffic/drive.ts';
import { Ledger } from '../traffic/ledger.ts';
import { sendOne } from '../traffic/single-request.ts';
import { createWorkload } from '../traffic/workload.ts';
import type { Fleet } from './fleet.ts';
import { launchers } from './index.ts';

const USERS = 50;
const never = new AbortController().signal;
let run: RunFolder;
let fleet: Fleet | undefined;

afterEach(async () => {
  await fleet?.stop();
  fleet = undefined;
  run.remove();
});

/** The settings of a small fleet in a folder of its own. */
function settings(change: Partial<WorkerSettings> = {}): WorkerSettings {
  run = createRunFolder();
  const database = path.join(run.path, 'origin.sqlite');
  generateDatabase(database, { users: USERS, seed: 1 });
  return {
    runFolder: run.path,
    port: 0,
    backend: 'locmem',
    cache: { maxEntries: 300, timeout: 300, cullFrequency: 3 },
    database,
    users: USERS,
    originDelayMillis: 0,
    features: [],
    labPid: process.pid,
    ...change,
  };
}

/** Sends `requests` for the user pages and gives back the ledger. */
async function traffic(to: Fleet, requests: number): Promise<Ledger> {
  const workload = createWorkload({ popularity: 'zipf', zipf: 0.8, keys: USERS, seed: 1 });
  const ledger = new Ledger();
  await drive(
    {
      port: to.port,
      requests,
      connections: 20,
      routing: 'keep-alive',
      ratePerSecond: null,
      firstRequest: 0,
      next: () => {
        const key = workload.next();
        return { key, operation: 'read', method: 'GET', path: `/users/${key + 1}` };
      },
    },
    ledger,
    never,
  );
  return ledger;
}

async function until(condition: () => boolean, limitMillis = 5_000): Promise<void> {
  const end = performance.now() + limitMillis;
  while (!condition()) {
    if (performance.now() > end) throw new Error('the condition was not met in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe.each(Object.values(launchers))('launcher $name', (launcher) => {
  test('starts four workers, each with a cache of its own, and counts what they did', async () => {
    fleet = await launcher.start({ workers: 4, settings: settings() }, never);
    const workers = await fleet.workers();
    expect(workers.map((worker) => worker.slot)).toEqual([1, 2, 3, 4]);
    expect(new Set(workers.map((worker) => worker.pid)).size).toBe(4);

    const ledger = await traffic(fleet, 1_000);
    expect(ledger.length).toBe(1_000);
    const snapshots = await fleet.snapshots({ keys: true });
    for (const { slot, pid, requests, stats, originQueries, keys, entries } of snapshots) {
      const rows = Array.from({ length: ledger.length }, (_, i) => ledger.row(i)).filter(
        (row) => row.pid === pid && row.slot === slot,
      );
      const hits = rows.filter((row) => row.outcome === 'hit').length;
      expect({ requests, hits: stats.hits, misses: stats.missesCold }).toEqual({
        requests: rows.length,
        hits,
        misses: rows.length - hits,
      });
      expect(originQueries).toBe(rows.length - hits);
      expect(keys).toHaveLength(entries!);
      expect(rows.length).toBeGreaterThan(0);
    }
    // The point of the whole lab: one popular page lies in every worker's own cache.
    expect(snapshots.every(({ keys }) => keys!.includes(':1:user_1'))).toBe(true);
  });

  test('keeps sockets private, and leaves no process and no socket behind', async () => {
    fleet = await launcher.start({ workers: 2, settings: settings() }, never);
    const workers = await fleet.workers();
    for (const { controlSocket, privateSocket } of workers) {
      expect(statSync(controlSocket).mode & 0o777).toBe(0o700);
      expect(statSync(privateSocket).mode & 0o777).toBe(0o700);
    }
    expect(statSync(run.path).mode & 0o777).toBe(0o700);
    await fleet.stop();
    await until(() => workers.every(({ pid }) => !isRunning(pid)));
    expect(readdirSync(run.path).filter((name) => name.startsWith('control-'))).toEqual([]);
    await expect(
      sendOne({ to: { port: fleet.port }, method: 'GET', path: '/users/1' }, never),
    ).rejects.toThrow('ECONNREFUSED');
  });

  test('a rolling reload replaces every worker, and their caches are empty', async () => {
    fleet = await launcher.start({ workers: 2, settings: settings() }, never);
    await traffic(fleet, 200);
    const before = await fleet.workers();
    await fleet.reload();
    const after = await fleet.workers();
    expect(after.map((worker) => worker.slot)).toEqual([1, 2]);
    for (const { pid } of before) expect(after.map((worker) => worker.pid)).not.toContain(pid);
    for (const { entries } of await fleet.snapshots()) expect(entries).toBe(0);
    expect(fleet.failure.aborted).toBe(false);
  });

  test('a worker killed on purpose is replaced in its slot', async () => {
    fleet = await launcher.start({ workers: 2, settings: settings() }, never);
    const [first, second] = await fleet.workers();
    await fleet.kill(2);
    const after = await fleet.workers();
    expect(after.map((worker) => worker.slot)).toEqual([1, 2]);
    expect(after[0]!.pid).toBe(first!.pid);
    expect(after[1]!.pid).not.toBe(second!.pid);
    expect(fleet.failure.aborted).toBe(false);
  });

  test('a worker that dies by itself is a failure with its name', async () => {
    fleet = await launcher.start({ workers: 2, settings: settings() }, never);
    const [, second] = await fleet.workers();
    process.kill(second!.pid, 'SIGKILL');
    await until(() => fleet!.failure.aborted);
    expect(fleet.failure.reason).toBeInstanceOf(LabError);
    expect(String(fleet.failure.reason.message)).toContain(`Worker 2 (pid ${second!.pid}) died`);
  });

  test('workers that cannot start end the launch, with their last words', async () => {
    const started = launcher.start(
      { workers: 2, settings: settings({ database: '/nowhere/origin.sqlite' }) },
      AbortSignal.timeout(8_000),
    );
    await expect(started).rejects.toThrow(/unable to open database file|ENOENT|no such file/i);
    expect(readdirSync(run.path).filter((name) => name.startsWith('control-'))).toEqual([]);
  });

  test('an abort while it starts leaves nothing behind', async () => {
    const controller = new AbortController();
    const started = launcher.start({ workers: 4, settings: settings() }, controller.signal);
    setTimeout(() => controller.abort(new Error('stopped by the test')), 150);
    await expect(started).rejects.toThrow('stopped by the test');
    const sockets = () => readdirSync(run.path).filter((name) => name.startsWith('control-'));
    expect(sockets().filter((name) => isRunning(Number(name.split(/[-.]/)[2])))).toEqual([]);
    expect(existsSync(run.path)).toBe(true);
  });
});

/** The programs that run with this PM2_HOME, by their command lines. */
function programsWith(home: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      if (!environment.includes(`PM2_HOME=${home}`)) return [];
      return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
    } catch {
      // It is no process, or it has ended.
      return [];
    }
  });
}

// Elsewhere nothing tells what a process was started for.
test.runIf(process.platform === 'linux')(
  'an abort before the daemon of pm2 is up ends it all the same',
  async () => {
    const controller = new AbortController();
    const plan = { workers: 2, settings: settings() };
    const ended = expect(launchers.pm2!.start(plan, controller.signal)).rejects.toThrow(
      'stopped by the test',
    );
    const home = path.join(run.path, 'pm2');
    await until(() => programsWith(home).some((line) => line.includes('Daemon.js')));
    controller.abort(new Error('stopped by the test'));
    await ended;
    // What a dying daemon starts to replace itself is an empty program, and it ends by itself.
    const isNoDaemon = (line: string) => line === 'node /dev/null update ';
    expect(programsWith(home).filter((line) => !isNoDaemon(line))).toEqual([]);
    await until(() => programsWith(home).length === 0);
  },
);
