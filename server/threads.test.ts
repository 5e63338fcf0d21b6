import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { launchEnvironment } from './launch.ts';
import { generateDatabase } from './origin/database.ts';
import { LAUNCH_VARIABLE } from './protocol.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'threads-'));
const database = path.join(folder, 'origin.sqlite');
generateDatabase(database, { users: 1, seed: 1, orders: 10 });
afterAll(() => rmSync(folder, { recursive: true }));

/** Makes the thread of slot 2 end by itself once there is a file of this name. */
const DIES = path.join(folder, 'die');
const DYING = `data:text/javascript,${encodeURIComponent(`
  import { existsSync } from 'node:fs';
  import { isMainThread } from 'node:worker_threads';
  const { slot } = JSON.parse(process.env.${LAUNCH_VARIABLE});
  if (!isMainThread && slot === 2) {
    setInterval(() => existsSync(${JSON.stringify(DIES)}) && process.exit(3), 10).unref();
  }
`)}`;

test('a thread that ends by itself ends them all, so that the lab hears of it', async () => {
  const settings = {
    ...{ runFolder: folder, database, port: 0, users: 1, originDelayMillis: 0, labPid: null },
    ...({ backend: 'locmem', features: [] } as const),
    cache: { maxEntries: 300, timeout: 300, cullFrequency: 3 },
  };
  const script = path.join(import.meta.dirname, 'threads.ts');
  const threads = spawn(process.execPath, ['--import', DYING, script], {
    env: launchEnvironment({ workers: 2, settings }),
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  try {
    const answering = () => readdirSync(folder).filter((name) => name.startsWith('control-'));
    await vi.waitUntil(() => answering().length === 2, { timeout: 30_000, interval: 10 });
    const ended = once(threads, 'exit');
    writeFileSync(DIES, '');
    expect(await ended).toEqual([1, null]);
  } finally {
    threads.kill('SIGKILL');
  }
});
