import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DJANGO, findPython, GUNICORN } from '../../server/django/python.ts';
import { checkMachine, type Machine } from './machine-check.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'check-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const GOOD: Machine = {
  nodeVersion: '26.10.0',
  npmVersion: '10.9.0',
  cores: 4,
  freeMemoryBytes: 4 * 2 ** 30,
  freeDiskBytes: 10 * 2 ** 30,
  temporaryFolder: scratch,
  searchPath: '',
  chromiumPlaces: [],
  findPython: () => findPython([DJANGO, GUNICORN], path.join(scratch, 'no-python')),
};

/** What is said about one thing of a machine that is good but for what is given. */
async function look(name: string, but: Partial<Machine>) {
  const checks = await checkMachine({ ...GOOD, ...but });
  return checks.find((check) => check.name === name)!;
}

describe('a machine', () => {
  test('that has all that lessons need is good, whatever optional programs it lacks', async () => {
    const checks = await checkMachine(GOOD);
    const states = Object.fromEntries(checks.map(({ name, state }) => [name, state]));
    expect(states).toEqual({
      Node: 'good',
      npm: 'good',
      Ports: 'good',
      Sockets: 'good',
      Cores: 'good',
      Memory: 'good',
      Disk: 'good',
      Redis: 'missing',
      Memcached: 'missing',
      Django: 'missing',
      Chromium: 'missing',
    });
    for (const { state, remedy } of checks) expect(remedy !== undefined).toBe(state !== 'good');
  });

  test.each([
    ['Node', { nodeVersion: '20.19.0' }, 'bad', /npm run lab/],
    ['npm', { npmVersion: null }, 'bad', /nodejs\.org/],
    ['npm', { npmVersion: '9.8.1' }, 'bad', /npm@10/],
    ['Cores', { cores: 1 }, 'doubt', /longer/],
    ['Memory', { freeMemoryBytes: 700 * 2 ** 20 }, 'doubt', /--workers 2/],
    ['Memory', { freeMemoryBytes: 100 * 2 ** 20 }, 'bad', /--workers 2/],
    ['Disk', { freeDiskBytes: 2 ** 20 }, 'bad', /room/],
    ['Redis', {}, 'missing', /apt install redis-server/],
    ['Django', {}, 'missing', /apt install python3-django gunicorn/],
    ['Sockets', { temporaryFolder: path.join(scratch, 'none') }, 'bad', /TMPDIR/],
  ] as const)('%s with %j is %s, and the remedy is named', async (name, but, state, remedy) => {
    const check = await look(name, but);
    expect(check.state).toBe(state);
    expect(check.remedy).toMatch(remedy);
  });

  test('whose temporary folder lies too deep for sockets is told so', async () => {
    const deep = path.join(scratch, 'd'.repeat(90));
    mkdirSync(deep);
    const check = await look('Sockets', { temporaryFolder: deep });
    expect(check).toMatchObject({ state: 'bad', remedy: expect.stringMatching(/TMPDIR=\/tmp/) });
    expect(check.said).toContain('too long');
  });
});
