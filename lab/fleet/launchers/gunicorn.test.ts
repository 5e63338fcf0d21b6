import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRecord } from '../../../reports/record/file.ts';
import { openCache } from '../../../server/cache/index.ts';
import { LIMIT } from '../../../server/protocol.ts';
import { LabError } from '../../console/errors.ts';
import { lab } from '../../fixtures/lab.ts';
import { startService } from '../../services/services.ts';
import { askWorker, type SingleRequest, sendOne } from '../../traffic/single-request.ts';
import { inProcess } from '../fixtures/in-process.ts';
import { newPlan } from '../fixtures/plan.ts';
import type { Fleet, WorkerHandle } from '../fleet.ts';
import { launcher } from './gunicorn.ts';

/** What only Gunicorn has, and that its Django serves what the server in TypeScript does. */

const never = new AbortController().signal;

describe('beside the server in TypeScript', () => {
  const settings = {
    workers: 1,
    cache: { maxEntries: 3, timeout: 300, cullFrequency: 2 },
    features: ['counters', 'documents', 'limited', 'locations', 'sessions'],
  };
  const runs = [newPlan(settings), newPlan(settings)];
  let fleets: Fleet[] = [];
  beforeAll(async () => {
    fleets = await Promise.all(
      [launcher, inProcess].map((one, i) => one.start(runs[i]!.plan, never)),
    );
  });
  afterAll(async () => {
    await Promise.all(fleets.map((fleet) => fleet.stop()));
    for (const { run } of runs) run.remove();
  });

  async function ask(fleet: Fleet, request: Omit<SingleRequest, 'to'>) {
    const [worker] = await fleet.workers();
    return sendOne({ to: { socketPath: worker!.privateSocket }, ...request }, never);
  }
  const each = <T>(of: (fleet: Fleet) => Promise<T>) => Promise.all(fleets.map(of));

  /** What one of them answers, without what is its own: the time, its process. */
  async function answer(fleet: Fleet, method: string, path: string, body?: string) {
    const { headers, ...rest } = await ask(fleet, { method, path, body });
    const told = ['content-type', 'content-length', 'x-worker', 'cache-status', 'x-cache-sequence'];
    return {
      ...{ status: rest.status, body: rest.body },
      headers: told.map((name) => headers[name]),
      times: headers['x-cache-time']?.split(';stored=').length,
      timing: headers['server-timing']?.replaceAll(/[\d.]+/g, '…'),
    };
  }

  test('Django answers with the same bytes and headers, through culls, writes and the unknown', async () => {
    const asked: [string, string, string?][] = [
      ...[1, 2, 1, 3, 4, 2, 1, 3].map((id): [string, string] => ['GET', `/users/${id}`]),
      ['PUT', '/users/1', JSON.stringify({ name: 'Ünlü' })],
      ['GET', '/users/1'],
      ['GET', '/users/1'],
      ['GET', '/users/900'],
    ];
    const outcomes: unknown[] = [];
    for (const one of asked) {
      const [django, ours] = await each((fleet) => answer(fleet, ...one));
      expect(django, one.join(' ')).toEqual(ours);
      outcomes.push(django!.headers[3]);
    }
    expect(outcomes).toContain('LocMem; fwd=miss; detail=evicted; stored');
    const [django, ours] = await each(async (fleet) => (await fleet.snapshots({ keys: true }))[0]);
    const { requests, stats, originQueries, entries, keys } = ours!;
    expect(django!).toMatchObject({ requests, stats, originQueries, entries, keys });
    expect(stats.culls).toBeGreaterThan(0);
  });

  test.each<[string, string?, string?]>([
    ['/counters/visits', 'POST'],
    ['/counters/visits', 'POST'],
    ['/counters/visits'],
    ['/counters/other/read-and-write', 'POST'],
    ['/counters/nobody'],
    ['/documents/3'],
    ['/locations/first%20my_cache/a', 'PUT'],
    ['/locations/not%20configured/b', 'PUT'],
    ['/locations/a'],
    ['/locations/b'],
    ['/sessions/page'],
    ['/sessions', 'POST', JSON.stringify({ user: 'Ada' })],
  ])(
    'a feature answers alike, and tells nothing of the audited cache: %s %s',
    async (path, method = 'GET', body) => {
      const [django, ours] = await each((fleet) => answer(fleet, method, path, body));
      expect(django).toEqual({ ...ours, headers: [expect.anything(), ...ours!.headers.slice(1)] });
      expect(django!.status).toBe(200);
    },
  );

  test('a visitor who logged in is known by the cookie, and a client is told what it has left', async () => {
    const body = JSON.stringify({ user: 'Ada' });
    const visits = await each(async (fleet) => {
      const { headers } = await ask(fleet, { method: 'POST', path: '/sessions', body });
      const cookie = String(headers['set-cookie']).split(';', 1)[0]!;
      const of = (cookie: string) =>
        ask(fleet, { method: 'GET', path: '/sessions/page', headers: { cookie } });
      const taken = await of(cookie.replace(/.{9}$/, 'unknowabc'));
      return [
        (await of(cookie)).body,
        taken.body,
        /1970/.test(String(taken.headers['set-cookie'])),
      ];
    });
    expect(visits[0]).toEqual(['{"user":"Ada"}', '{"user":null}', true]);
    expect(visits[1]).toEqual(visits[0]);
    const limited = await each(async (fleet) => {
      const told: unknown[] = [];
      for (let i = 0; i <= LIMIT; i++) {
        const { status, headers } = await ask(fleet, { method: 'GET', path: '/limited' });
        told.push([status, headers['x-ratelimit-remaining']]);
      }
      return told;
    });
    expect(limited[0]).toEqual(limited[1]);
    expect(limited[0]!.at(-1)).toEqual([429, '0']);
    const metrics = await each((fleet) => ask(fleet, { method: 'GET', path: '/metrics' }));
    for (const { body } of metrics) expect(body).toContain('\nvisits_total 3\n');
  });

  test('documents take what they hold, as Python counts it', async () => {
    const weigh = async () =>
      JSON.parse((await ask(fleets[0]!, { method: 'GET', path: '/documents' })).body);
    const before = await weigh();
    await ask(fleets[0]!, { method: 'GET', path: '/documents/7' });
    const after = await weigh();
    expect(after.contentBytes - before.contentBytes).toBe(128 * 1024);
    const grown = after.heapUsedBytes - before.heapUsedBytes;
    expect(Math.abs(grown - 128 * 1024)).toBeLessThan(32 * 1024);
  });
});

test.each(['redis', 'memcached'] as const)(
  'workers share what is in %s, and a clear takes nothing that is not theirs',
  async (backend) => {
    const { run, plan } = newPlan({ workers: 2, backend });
    const service = await startService(backend, { runFolder: run.path });
    const { location } = service;
    const other = await openCache({ backend, location, keyPrefix: 'other' });
    const settings = { ...plan.settings, service: { location, keyPrefix: 'mine' } };
    const fleet = await launcher.start({ ...plan, settings }, never);
    try {
      const workers = await fleet.workers();
      const ask = async ({ privateSocket: socketPath }: WorkerHandle) => {
        const request = { to: { socketPath }, method: 'GET', path: '/users/1' };
        const { status, headers } = await sendOne(request, never);
        return [status, headers['cache-status']!.split('; ').slice(1).join('; ')];
      };
      const all = async () => [await ask(workers[0]!), await ask(workers[1]!)];
      const shared = [
        [200, 'fwd=miss; detail=cold; stored'],
        [200, 'hit'],
      ];
      await other.set('theirs', 1);
      expect(await all()).toEqual(shared);
      await askWorker(workers[0]!, '/clear', { method: 'POST' });
      expect(await all()).toEqual(shared);
      expect(await other.get('theirs')).toBe(1);
      await service.kill();
      expect(await all()).toEqual([
        [200, 'fwd=bypass'],
        [200, 'fwd=bypass'],
      ]);
    } finally {
      await fleet.stop();
      await other.close();
      await service.stop();
      run.remove();
    }
  },
);

test('the exact model replays Django through culls and expiry, every response of it', async () => {
  const out = mkdtempSync(path.join(tmpdir(), 'lab-gunicorn-'));
  try {
    const { code, stdout, stderr } = await lab(
      [
        ...['--launcher', 'gunicorn', '-w', '2', '--gunicorn-class', 'gthread', '--threads', '2'],
        ...['-r', '400', '-c', '8', '-k', '60', '--max-entries', '20', '--timeout', '0.15'],
        ...['--rate', '500', '-q', '-o', out, '--json'],
      ],
      { originOrders: 500 },
    );
    expect(code, stderr).toBe(0);
    const { arms } = readRecord((JSON.parse(stdout) as { record: string }).record);
    for (const { phases } of arms) {
      const { replay, audit, totals } = phases[0]!;
      expect(audit.checks.filter(({ holds }) => !holds)).toEqual([]);
      expect(replay).toMatchObject({ responses: 400, identical: 400, firstDifference: null });
      expect(Math.min(totals.misses.evicted, totals.misses.expired)).toBeGreaterThan(0);
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});

test('a Python without Django is told, with the command that installs it', () => {
  expect(() => launcher.needs!('/bin/false')).toThrow(LabError);
  expect(() => launcher.needs!('/bin/false')).toThrow(/No Python with django and gunicorn/);
  expect(launcher.needs!()).toMatch(/^Django \d.*, Gunicorn \d/);
});
