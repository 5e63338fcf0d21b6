import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test, vi } from 'vitest';
import { planSeries } from './plan.ts';
import { machineFaults, openFilesFaults } from './preflight.ts';

const nowhere = { port: 0, services: {} };
const plansOf = async (given: object, scenario = 'hit-rate') =>
  (await planSeries(scenario, given, {})).plans;

test('a machine that has all they need has no fault', async () => {
  expect(await machineFaults(await plansOf({}), nowhere)).toEqual([]);
});

test('connections need open files: the limit is named, and how to raise it', async () => {
  const plans = await plansOf({ connections: 300, workers: [4] });
  expect(openFilesFaults(plans, 380)).toEqual([]);
  expect(openFilesFaults(plans, 256)).toEqual([
    {
      message:
        'A process may have 256 files open here, and this run needs 380: each connection is one.',
      remedy: 'Raise the limit (ulimit -n 380), or use fewer --connections.',
    },
  ]);
});

test.each([
  [{ routing: 'by-key', connections: 100 } as const, 'hit-rate', 280],
  [{ connections: 100 }, 'two-servers', 280],
  [{ connections: 100 }, 'threads', 380],
])('whoever passes connections on needs more of them: %j in %s', async (given, name, needed) => {
  const plans = await plansOf(given, name);
  expect(openFilesFaults(plans, needed)).toEqual([]);
  expect(openFilesFaults(plans, needed - 1)).toHaveLength(1);
});

test('all that is not there is told at once: folder, port and services', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  vi.stubEnv('TMPDIR', '/nonexistent');
  try {
    const services = { redis: 'redis://127.0.0.1:1', memcached: '127.0.0.1:1' };
    const faults = await machineFaults(await plansOf({}), { port, services });
    expect(faults.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^There is no place for a run's temporary files\./),
      `Port ${port} is taken.`,
      expect.stringMatching(/^--redis redis:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/),
      expect.stringMatching(/^--memcached 127\.0\.0\.1:1: .*ECONNREFUSED/),
    ]);
  } finally {
    vi.unstubAllEnvs();
    taken.close();
  }
});
