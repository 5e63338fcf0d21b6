import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { openCache } from '../../server/cache/index.ts';
import { isRunning } from '../../server/running.ts';
import { LabError } from '../console/errors.ts';
import { findProgram } from './programs.ts';
import { type PrivateService, startService } from './services.ts';

const runFolder = mkdtempSync(path.join(tmpdir(), 'cache-lab-test-'));
afterAll(() => rmSync(runFolder, { recursive: true, force: true }));
const started: PrivateService[] = [];
afterEach(async () => {
  for (const service of started.splice(0)) await service.stop();
});
const start = async (...args: Parameters<typeof startService>) => {
  const service = await startService(...args);
  started.push(service);
  return service;
};

describe.each(['redis', 'memcached'] as const)('a private %s', (kind) => {
  it('answers on a socket of its own, is gone when it is stopped, and comes back after a kill', async () => {
    const [service, other] = await Promise.all([
      start(kind, { runFolder }),
      start(kind, { runFolder }),
    ]);
    expect(other.location).not.toBe(service.location);
    expect(isRunning(service.pid)).toBe(true);
    expect(service.startMillis).toBeLessThan(10_000);
    const socket = service.location.replace('unix://', '');
    expect(statSync(socket).mode & 0o777).toBe(0o700);
    const cache = await openCache({ backend: kind, location: service.location });
    const before = await service.memory();
    await cache.set('k', 'v'.repeat(100_000));
    expect(await cache.get('k')).toHaveLength(100_000);
    const after = await service.memory();
    expect(after.entriesBytes).toBeGreaterThan(before.entriesBytes + 100_000);
    expect(after.entriesBytes).toBeLessThan(before.entriesBytes + 150_000);
    // The program itself takes more than all that it holds here.
    if (existsSync('/proc/self/status')) expect(after.residentBytes).toBeGreaterThan(1_000_000);
    await cache.close();
    await service.stop();
    expect(isRunning(service.pid)).toBe(false);
    expect(existsSync(path.dirname(socket))).toBe(false);
    await service.stop();
    await service.restart();
    expect(existsSync(path.dirname(socket))).toBe(false);

    const { location, pid } = other;
    expect(isRunning(pid)).toBe(true);
    process.kill(pid, 'SIGSTOP');
    await other.kill();
    expect(isRunning(pid)).toBe(false);
    await other.restart();
    expect(other.location).toBe(location);
    expect(other.pid).not.toBe(pid);
    expect(isRunning(other.pid)).toBe(true);
  });

  it('ends when the guard between it and the lab is killed, and that is its failure', async () => {
    const service = await start(kind, { runFolder });
    const guard = Number(execFileSync('ps', ['-o', 'ppid=', '-p', `${service.pid}`]).toString());
    process.kill(guard, 'SIGKILL');
    await vi.waitFor(() => expect(isRunning(service.pid)).toBe(false), { timeout: 5_000 });
    await vi.waitFor(() => expect(service.failure.aborted).toBe(true), { timeout: 5_000 });
  });

  it('that dies without having been asked to is a failure that says how; a kill is none', async () => {
    const service = await start(kind, { runFolder });
    await service.kill();
    await service.restart();
    expect(service.failure.aborted).toBe(false);
    process.kill(service.pid, 'SIGKILL');
    await vi.waitFor(() => expect(service.failure.aborted).toBe(true), { timeout: 5_000 });
    expect(service.failure.reason).toBeInstanceOf(LabError);
    const { message } = service.failure.reason;
    expect(message).toContain(`${service.program} (pid ${service.pid}) died during the run.`);
    expect(message).toContain('The process was ended by SIGKILL.');
    const stopped = await start(kind, { runFolder });
    await stopped.stop();
    expect(stopped.failure.aborted).toBe(false);
  });

  it('ends when the lab that started it is killed outright', async () => {
    const lab = spawn(
      process.execPath,
      [
        '--input-type=module-typescript',
        '--eval',
        `import { startService } from ${JSON.stringify(path.join(import.meta.dirname, 'services.ts'))};
         const service = await startService('${kind}', { runFolder: ${JSON.stringify(runFolder)} });
         console.log(service.pid);
         setInterval(() => {}, 1_000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = (await once(lab.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isRunning(pid)).toBe(true);
    lab.kill('SIGKILL');
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 10_000 });
    for (const left of readdirSync(runFolder))
      rmSync(path.join(runFolder, left), { recursive: true });
  });

  it('is not started any more once the run is interrupted', async () => {
    const signal = AbortSignal.abort(new Error('interrupted'));
    await expect(startService(kind, { runFolder, signal })).rejects.toThrow('interrupted');
    expect(readdirSync(runFolder)).toEqual([]);
  });
});

describe('what Redis keeps over a kill', () => {
  it.each([
    ['none', undefined],
    ['append-only file', 'kept'],
  ] as const)('with persistence "%s": %s', async (persistence, expected) => {
    const service = await start('redis', { runFolder, persistence });
    const options = { backend: 'redis' as const, location: service.location };
    const before = await openCache(options);
    await before.set('k', 'kept');
    await before.close();
    await service.kill();
    await service.restart();
    const after = await openCache(options);
    expect(await after.get('k')).toBe(expected);
    await after.close();
  });
});

describe('a program that is not there', () => {
  it('is named, with how to install it and the flag that does without', () => {
    for (const kind of ['redis', 'memcached'] as const) {
      const finding = () => findProgram(kind, '/nonexistent');
      expect(finding).toThrow(LabError);
      expect(finding).toThrow(kind === 'redis' ? /redis-server/ : /memcached/);
      try {
        finding();
      } catch (error) {
        expect((error as LabError).remedy).toMatch(/apt install .*dnf install .*brew install/);
        expect((error as LabError).remedy).toContain(`--${kind}`);
      }
    }
  });

  it('is not a folder or a file that cannot be run', () => {
    const folder = path.join(runFolder, 'bin');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'memcached'), '');
    mkdirSync(path.join(folder, 'redis-server'));
    try {
      expect(() => findProgram('memcached', folder)).toThrow(LabError);
      expect(() => findProgram('redis', folder)).toThrow(LabError);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('that ends at once is reported with its last words', async () => {
    const folder = path.join(runFolder, 'bin');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'memcached'), '#!/bin/sh\necho out of order >&2\nexit 3\n', {
      mode: 0o755,
    });
    vi.stubEnv('PATH', folder);
    try {
      await expect(startService('memcached', { runFolder })).rejects.toThrow(/out of order/);
    } finally {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true });
    }
    expect(readdirSync(runFolder)).toEqual([]);
  });
});
