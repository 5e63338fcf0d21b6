import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { folderByHand, launchEnvironment, readLaunch } from './launch.ts';
import type { Launch } from './protocol.ts';

const { uid } = userInfo();
let parent: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'launch-'));
  vi.stubEnv('TMPDIR', parent);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(parent, { recursive: true });
});

test('what a launcher hands over comes out the same, whatever else is in the environment', () => {
  const launch: Launch = {
    workers: 3,
    slot: 2,
    scheduling: 'none',
    settings: {
      runFolder: '/run "folder"',
      port: 0,
      backend: 'redis',
      service: { location: 'unix:///s', keyPrefix: 'p' },
      cache: { maxEntries: 1, timeout: null, cullFrequency: 0 },
      database: '/origin.sqlite',
      users: 5,
      originDelayMillis: 0.5,
      features: ['sessions'],
      labPid: 4711,
    },
  };
  const env = launchEnvironment(launch, { PORT: '1', CACHE_LAB_WORKERS: '9' });
  expect(env.PORT).toBe('1');
  expect(readLaunch(env)).toEqual(launch);
});

describe('by hand', () => {
  const folder = () => path.join(parent, `cache-lab-by-hand-${uid}`);

  test('it has the defaults, a port and a number of workers, in a folder of this user alone', () => {
    const { workers, settings } = readLaunch({ PORT: '8080', CACHE_LAB_WORKERS: '2' });
    expect(workers).toBe(2);
    expect(settings).toMatchObject({ port: 8080, backend: 'locmem', labPid: null });
    expect(readLaunch({})).toMatchObject({ workers: 4, settings: { port: 3000 } });
    expect(settings.runFolder).toBe(folder());
    expect(lstatSync(folder()).mode & 0o777).toBe(0o700);
  });

  test('a folder that others may write to, or that is none, is refused in words', () => {
    mkdirSync(folder());
    chmodSync(folder(), 0o770);
    expect(() => readLaunch({})).toThrow(/belongs to you alone.*TMPDIR/);
    rmSync(folder(), { recursive: true });
    mkdirSync(path.join(parent, 'elsewhere'), { mode: 0o700 });
    symlinkSync(path.join(parent, 'elsewhere'), folder());
    expect(() => readLaunch({})).toThrow(/belongs to you alone/);
    rmSync(folder());
    writeFileSync(folder(), '');
    expect(() => readLaunch({})).toThrow(/belongs to you alone/);
  });

  test('a folder of somebody else is refused', () => {
    expect(folderByHand(parent, uid)).toBe(folder());
    // As if the one who looks were another user who finds a folder made for him.
    mkdirSync(path.join(parent, `cache-lab-by-hand-${uid + 1}`), { mode: 0o700 });
    expect(() => folderByHand(parent, uid + 1)).toThrow(/belongs to you alone/);
  });

  test('a database that is a link is not followed', () => {
    mkdirSync(folder(), { mode: 0o700 });
    symlinkSync(path.join(parent, 'theirs'), path.join(folder(), 'origin.sqlite'));
    expect(() => readLaunch({})).toThrow(/origin\.sqlite is a link/);
  });

  test('the worker says so in a sentence, without a stack', () => {
    writeFileSync(folder(), '');
    const { status, stderr } = spawnSync(
      process.execPath,
      [path.join(import.meta.dirname, 'worker.ts')],
      { encoding: 'utf8', env: { ...process.env, TMPDIR: parent } },
    );
    expect(stderr).toMatch(
      /^.*belongs to you alone\. Remove it, or set TMPDIR to another folder\.\n$/,
    );
    expect(status).toBe(1);
  });
});
