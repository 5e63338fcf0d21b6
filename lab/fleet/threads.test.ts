import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { generateDatabase } from '../../server/origin/database.ts';
import { isRunning } from '../../server/running.ts';
import { LabError } from '../console/errors.ts';
import { createRunFolder, type RunFolder } from '../run/run-folder.ts';
import { sendOne } from '../traffic/single-request.ts';
import type { Fleet } from './fleet.ts';
import { threads } from './threads.ts';

const never = new AbortController().signal;
let run: RunFolder;
let fleet: Fleet | undefined;

afterEach(async () => {
  await fleet?.stop();
  fleet = undefined;
  run.remove();
});

function start(workers: number, database?: string): Promise<Fleet> {
  run = createRunFolder();
  const generated = path.join(run.path, 'origin.sqlite');
  generateDatabase(generated, { users: 5, seed: 1 });
  return threads.start(
    {
      workers,
      settings: {
        runFolder: run.path,
        port: 0,
        backend: 'locmem',
        cache: { maxEntries: 300, timeout: 300, cullFrequency: 3 },
        database: database ?? generated,
        users: 5,
        originDelayMillis: 0,
        features: [],
        labPid: process.pid,
      },
    },
    never,
  );
}

test('all workers are in one process, and each has a cache of its own', async () => {
  fleet = await start(3);
  const workers = await fleet.workers();
  expect(workers.map((worker) => worker.slot)).toEqual([1, 2, 3]);
  expect(new Set(workers.map((worker) => worker.pid)).size).toBe(1);
  const ask = () => sendOne({ to: { port: fleet!.port }, method: 'GET', path: '/users/1' }, never);
  const replies = [];
  for (let i = 0; i < 6; i++) replies.push(await ask());
  // In turn, so that each is asked twice: it misses once, whatever the others know.
  expect(replies.map((reply) => reply.headers['x-worker'])).toEqual(['1', '2', '3', '1', '2', '3']);
  const hits = replies.map((reply) => reply.headers['cache-status']?.includes('hit'));
  expect(hits).toEqual([false, false, false, true, true, true]);
  const snapshots = await fleet.snapshots({ keys: true });
  expect(snapshots.map((snapshot) => snapshot.keys)).toEqual(
    Array.from({ length: 3 }, () => [':1:user_1']),
  );
  expect(snapshots.map(({ requests, connections }) => [requests, connections])).toEqual(
    Array.from({ length: 3 }, () => [2, 2]),
  );
});

test('its end leaves no process and no socket behind', async () => {
  fleet = await start(2);
  const [first] = await fleet.workers();
  await fleet.stop();
  expect(isRunning(first!.pid)).toBe(false);
  expect(readdirSync(run.path).filter((name) => name.endsWith('.sock'))).toEqual([]);
});

test('it says that a thread cannot be replaced', async () => {
  fleet = await start(2);
  await expect(fleet.kill(1)).rejects.toThrow(LabError);
  await expect(fleet.reload()).rejects.toThrow('A thread cannot be replaced');
  expect(fleet.failure.aborted).toBe(false);
});

test('threads that cannot start end the launch, with their last words', async () => {
  await expect(start(2, '/nowhere/origin.sqlite')).rejects.toThrow(
    /unable to open database file|no such file/i,
  );
});
