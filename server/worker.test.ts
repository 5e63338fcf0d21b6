import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { launchEnvironment } from './launch.ts';
import { generateDatabase } from './origin/database.ts';
import type { Launch, WorkerSettings } from './protocol.ts';

/** The worker as a process. What it does is tested in open-worker.test.ts, without one. */

const folder = mkdtempSync(path.join(tmpdir(), 'worker-'));
const database = path.join(folder, 'origin.sqlite');
generateDatabase(database, { users: 1, seed: 1, orders: 10 });
afterAll(() => rmSync(folder, { recursive: true }));

/** Has the process write down every module that it loads, and at its end those of Node itself. */
const WRITES_DOWN = `data:text/javascript,${encodeURIComponent(`
  import { appendFileSync } from 'node:fs';
  import { registerHooks } from 'node:module';
  registerHooks({
    load(url, context, next) {
      appendFileSync(process.env.LOADED, url + '\\n');
      return next(url, context);
    },
  });
  process.on('exit', () => appendFileSync(process.env.LOADED, process.moduleLoadList.join('\\n')));
`)}`;

function startWorker(
  settings: Partial<WorkerSettings>,
  env: NodeJS.ProcessEnv = {},
  own: Pick<Launch, 'slot'> = { slot: 7 },
) {
  const launch: Launch = {
    workers: 1,
    ...own,
    settings: {
      runFolder: folder,
      port: 0,
      backend: 'locmem',
      cache: { maxEntries: 300, timeout: 300, cullFrequency: 3 },
      database,
      users: 1,
      originDelayMillis: 0,
      features: [],
      labPid: null,
      ...settings,
    },
  };
  return spawn(
    process.execPath,
    ['--import', WRITES_DOWN, path.join(import.meta.dirname, 'worker.ts')],
    {
      env: launchEnvironment(launch, { ...process.env, ...env }),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
}

/** What only features need, and Node's own fetch. */
const UNWANTED =
  'typebox|prom-client|opentelemetry|@fastify/(session|rate-limit)|internal/deps/undici';

test.concurrent.each([
  ['locmem', /@redis|lru-cache|memcached/],
  ['memcached', /@redis|lru-cache|locmem/],
] as const)(
  'a worker with %s loads no client of another backend, and no feature',
  async (backend, others) => {
    const loaded = path.join(folder, `${backend}.txt`);
    const service = { location: `unix://${path.join(folder, 'nobody')}`, keyPrefix: 'p' };
    const worker = startWorker(backend === 'locmem' ? { backend } : { backend, service }, {
      LOADED: loaded,
    });
    const [message] = await once(worker, 'message');
    expect(message).toBe('ready');
    worker.kill('SIGTERM');
    await once(worker, 'exit');
    const modules = readFileSync(loaded, 'utf8').trim().split('\n');
    expect(modules.filter((url) => url.includes(`/cache/backends/${backend}.ts`))).toHaveLength(1);
    expect(modules).toContain('NativeModule internal/timers');
    const unwanted = new RegExp(`${others.source}|${UNWANTED}`);
    expect(modules.filter((url) => unwanted.test(url))).toEqual([]);
  },
);

test.concurrent('under pm2 its instance number gives its slot, after those of the servers before', async () => {
  const runFolder = mkdtempSync(path.join(folder, 'pm2-'));
  // As pm2 does: it names the instance, and nobody the slot.
  const env = { NODE_APP_INSTANCE: '2', LOADED: path.join(runFolder, 'loaded') };
  const worker = startWorker({ runFolder, slotsBefore: 4 }, env, {});
  await once(worker, 'message');
  const sockets = readdirSync(runFolder).filter((name) => name.startsWith('control-'));
  worker.kill('SIGTERM');
  await once(worker, 'exit');
  expect(sockets).toEqual([`control-7-${worker.pid}.sock`]);
});
