import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LabError } from '../../console/errors.ts';
import { sendOne } from '../../traffic/single-request.ts';
import { inProcess } from '../fixtures/in-process.ts';
import { newPlan } from '../fixtures/plan.ts';
import type { Fleet } from '../fleet.ts';
import { launcher } from './gunicorn.ts';

/** What only Gunicorn has, and that its Django serves what the server in TypeScript does. */

const never = new AbortController().signal;

describe('beside the server in TypeScript', () => {
  const settings = { workers: 1, cache: { maxEntries: 3, timeout: 300, cullFrequency: 2 } };
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

  /** What one of them answers, without what is its own: the time, its process. */
  async function answer(fleet: Fleet, method: string, path: string, body?: string) {
    const [worker] = await fleet.workers();
    const to = { socketPath: worker!.privateSocket };
    const { headers, ...rest } = await sendOne({ to, method, path, body }, never);
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
      const [django, ours] = await Promise.all(fleets.map((fleet) => answer(fleet, ...one)));
      expect(django, one.join(' ')).toEqual(ours);
      outcomes.push(django!.headers[3]);
    }
    expect(outcomes).toContain('LocMem; fwd=miss; detail=evicted; stored');
    const [django, ours] = await Promise.all(
      fleets.map(async (fleet) => (await fleet.snapshots({ keys: true }))[0]!),
    );
    const { requests, stats, originQueries, entries, keys } = ours!;
    expect(django).toMatchObject({ requests, stats, originQueries, entries, keys });
    expect(stats.culls).toBeGreaterThan(0);
  });
});

test('a Python without Django is told, with the command that installs it', () => {
  expect(() => launcher.needs!('/bin/false')).toThrow(LabError);
  expect(() => launcher.needs!('/bin/false')).toThrow(/No Python with django and gunicorn/);
  expect(launcher.needs!()).toMatch(/^Django \d.*, Gunicorn \d/);
});
