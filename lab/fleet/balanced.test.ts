import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ownerOf } from '../../scenarios/theory/rendezvous.ts';
import { generateDatabase } from '../../server/origin/database.ts';
import { isRunning } from '../../server/running.ts';
import { createRunFolder, type RunFolder } from '../run/run-folder.ts';
import { sendOne } from '../traffic/single-request.ts';
import { startBalanced } from './balanced.ts';
import { cluster } from './cluster.ts';
import type { Fleet } from './fleet.ts';

const USERS = 12;
const never = new AbortController().signal;
let run: RunFolder;
let fleet: Fleet | undefined;

afterEach(async () => {
  await fleet?.stop();
  fleet = undefined;
  run.remove();
});

/** Two servers with one worker each. */
async function start(byKey: boolean): Promise<Fleet> {
  run = createRunFolder();
  const database = path.join(run.path, 'origin.sqlite');
  generateDatabase(database, { users: USERS, seed: 1 });
  fleet = await startBalanced(
    cluster,
    {
      workers: 2,
      settings: {
        runFolder: run.path,
        port: 0,
        backend: 'locmem',
        cache: { maxEntries: 300, timeout: 300, cullFrequency: 3 },
        database,
        users: USERS,
        originDelayMillis: 0,
        features: [],
        labPid: process.pid,
      },
    },
    { servers: 2, byKey },
    never,
  );
  return fleet;
}

/** Who answered for that path, and with which status. */
async function ask(urlPath: string): Promise<{ slot: number; status: number }> {
  const { headers, status } = await sendOne(
    { to: { port: fleet!.port }, method: 'GET', path: urlPath },
    never,
  );
  return { slot: Number(headers['x-worker']), status };
}

const paths = Array.from({ length: USERS }, (_, i) => `/users/${i + 1}`);

test('servers take turns request by request, and can be left out', async () => {
  await start(false);
  const slots = async () => {
    const answers = [];
    for (const one of paths.slice(0, 6)) answers.push((await ask(one)).slot);
    return answers;
  };
  expect((await slots()).toSorted()).toEqual([1, 1, 1, 2, 2, 2]);
  await fleet!.useServers!([2]);
  expect(await slots()).toEqual([2, 2, 2, 2, 2, 2]);
  const snapshots = await fleet!.snapshots();
  expect(snapshots.map(({ slot, requests }) => [slot, requests])).toEqual([
    [1, 3],
    [2, 9],
  ]);
});

test('by key, each key has its worker; of a lost one no request is lost, and others take its keys', async () => {
  await start(true);
  for (const one of [...paths, ...paths]) {
    expect(await ask(one)).toEqual({ slot: ownerOf(one, [1, 2]), status: 200 });
  }
  const killed = fleet!.kill(1);
  for (const one of paths) {
    const { slot, status } = await ask(one);
    expect(status).toBe(200);
    // Its successor may be there already.
    if (ownerOf(one, [1, 2]) === 2) expect(slot).toBe(2);
  }
  await killed;
  await fleet!.useServers!([1, 2]);
  for (const one of paths) {
    expect(await ask(one)).toEqual({ slot: ownerOf(one, [1, 2]), status: 200 });
  }
  expect(fleet!.failure.aborted).toBe(false);
});

test('its end leaves no process behind, and nobody at its port', async () => {
  await start(false);
  const workers = await fleet!.workers();
  await fleet!.stop();
  expect(workers.filter(({ pid }) => isRunning(pid))).toEqual([]);
  await expect(ask('/users/1')).rejects.toThrow('ECONNREFUSED');
});
