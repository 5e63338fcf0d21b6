import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readRecord } from '../reports/record/file.ts';
import { openCache } from '../server/cache/index.ts';
import { inThisProcess, lab } from './fixtures/lab.ts';
import { type PrivateService, startService } from './services/services.ts';

/** Shared backends from the command line: what is started, what is left, what is touched. */

const scratch = mkdtempSync(path.join(tmpdir(), 'lab-'));
const temporary = mkdtempSync(path.join(tmpdir(), 'l-'));
afterAll(() => {
  for (const folder of [scratch, temporary]) rmSync(folder, { recursive: true, force: true });
});

function start(...given: (string | NodeJS.ProcessEnv)[]) {
  const args = given.filter((one) => typeof one === 'string');
  const environment = given.filter((one) => typeof one !== 'string');
  const child = spawn(process.execPath, ['lab/cli.ts', '--out', scratch, ...args], {
    cwd: path.join(import.meta.dirname, '..'),
    env: Object.assign({ ...process.env, TMPDIR: temporary, NO_COLOR: '1' }, ...environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const finished = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr })),
  );
  return { child, finished, written: () => stderr };
}

/** What was started with this test's temporary folder and runs still. */
function processes(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        return environment.includes(`TMPDIR=${temporary}\0`);
      } catch {
        return false;
      }
    })
    .map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
}

const RUN = ['--workers', '2', '--requests', '400', '--keys', '50', '--out', scratch];

test('an arm for each backend, each with what theory expects of it', async () => {
  const args = [...RUN, '--backends', 'redis,memcached,tiered', '--json'];
  const { code, stdout, stderr } = await lab(args, inThisProcess);
  expect(stderr).not.toMatch(/Audit failed/);
  expect(code).toBe(0);
  const { record: file } = JSON.parse(stdout) as { record: string };
  const record = readRecord(file);
  expect(record.arms.map(({ backend, workers }) => `${workers} ${backend}`)).toEqual([
    '1 redis',
    '1 memcached',
    '1 tiered',
    '2 redis',
    '2 memcached',
    '2 tiered',
  ]);
  for (const arm of record.arms) {
    expect(arm.phases[0]!.expected!.misses.source).toMatch(/one cache that sees all requests/);
    expect(arm.phases[0]!.audit.clean).toBe(true);
    // One cache, however many workers: nothing is held twice.
    const { duplicationFactor } = arm.phases[0]!.totals;
    expect(duplicationFactor).toBe(arm.backend === 'memcached' ? null : 1);
  }
}, 60_000);

describe.skipIf(process.platform !== 'linux').each(['redis', 'memcached'])('%s', (backend) => {
  const running = () =>
    start('--workers', '2', '-r', '6000', '--rate', '1500', '--backends', backend);
  const inTraffic = (written: () => string) =>
    vi.waitFor(() => expect(written()).toMatch(/reading the workers' counters/), {
      timeout: 25_000,
    });

  test('Ctrl-C ends the service too', async () => {
    const { child, finished, written } = running();
    await inTraffic(written);
    expect(processes().some((command) => command.includes(backend))).toBe(true);
    child.kill('SIGINT');
    expect((await finished).code).toBe(1);
    await vi.waitFor(() => expect(processes()).toEqual([]), { timeout: 3_000 });
    expect(readdirSync(temporary)).toEqual([]);
  }, 60_000);

  test('a lab that is killed outright takes the service along', async () => {
    const { child, finished, written } = running();
    await inTraffic(written);
    child.kill('SIGKILL');
    await finished;
    await vi.waitFor(() => expect(processes()).toEqual([]), { timeout: 10_000 });
    for (const left of readdirSync(temporary)) {
      rmSync(path.join(temporary, left), { recursive: true });
    }
  }, 60_000);
});

describe('a service that runs already', () => {
  let redis: PrivateService;
  let memcached: PrivateService;
  beforeAll(async () => {
    [redis, memcached] = await Promise.all([
      startService('redis', { runFolder: scratch }),
      startService('memcached', { runFolder: scratch }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([redis?.stop(), memcached?.stop()]);
  });

  test('keeps what others have in it, and nothing of the run', async () => {
    const others = [
      await openCache({ backend: 'redis', location: redis.location, timeout: null }),
      await openCache({ backend: 'memcached', location: memcached.location, timeout: null }),
    ];
    for (const cache of others) await cache.set('theirs', 'kept');
    const { code, stdout, stderr } = await lab(
      [
        ...[...RUN, '--backends', 'redis,memcached'],
        ...['--redis', redis.location, '--memcached', memcached.location],
      ],
      inThisProcess,
    );
    expect(code, stderr).toBe(0);
    expect(stdout).toContain(`--redis ${redis.location} --memcached ${memcached.location}`);
    for (const cache of others) {
      expect(await cache.get('theirs')).toBe('kept');
      await cache.close();
    }
    const keys = execFileSync('redis-cli', ['-s', redis.location.slice(7), 'KEYS', '*']);
    expect(keys.toString().trim().split('\n')).toEqual([':1:theirs']);
    const dump = await memcachedKeys(memcached.location.slice(7));
    expect(dump).toEqual([':1:theirs']);
  }, 60_000);

  test('that is not there is named, without its password', async () => {
    const there = 'redis://me:se@cret@127.0.0.1:1';
    const { code, stdout, stderr } = await lab(
      [...RUN, '--backends', 'redis', '--redis', there],
      inThisProcess,
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/--redis redis:\/\/…@127\.0\.0\.1:1: Redis cannot be reached/);
    expect(stdout + stderr).not.toContain('cret');
  });
});

test('without the programs, a run that needs them says how to install each, and starts nothing', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  const { code, stderr } = await lab(['--scenario', 'shared-cache', '--out', scratch]);
  vi.unstubAllEnvs();
  expect(code).toBe(2);
  expect(stderr).toMatch(/redis-server is not in the PATH.*\n.*sudo apt install redis-server/);
  expect(stderr).toMatch(/memcached is not in the PATH.*\n.*sudo apt install memcached/);
  expect(stderr).not.toContain('starting');
});

async function memcachedKeys(socketPath: string): Promise<string[]> {
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect(socketPath);
    let received = '';
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      received += chunk;
      if (received.endsWith('END\r\n')) {
        socket.destroy();
        resolve(received);
      }
    });
    socket.write('lru_crawler metadump hash\r\n');
  });
  return [...text.matchAll(/^key=(\S+)/gm)].map(([, key]) => decodeURIComponent(key!));
}
