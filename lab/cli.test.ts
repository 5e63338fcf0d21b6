import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { readRecord } from '../reports/record/file.ts';
import { isRunning } from '../server/running.ts';
import { processesOf } from './fixtures/processes.ts';

/** The command line as a person meets it: a process of its own, its words, its exit code. */

// Short, because Unix sockets are made in it; private, so that what is left behind can be seen.
const scratch = mkdtempSync(path.join(tmpdir(), 'lab-'));
const out = path.join(scratch, 'out');
const temporary = mkdtempSync(path.join(tmpdir(), 'l-'));
afterAll(() => {
  for (const folder of [scratch, temporary]) rmSync(folder, { recursive: true, force: true });
});

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(...args: string[]): {
  child: ChildProcess;
  finished: Promise<Finished>;
  /** What it has written to standard error so far. */
  written(): string;
} {
  const child = spawn(process.execPath, ['lab/cli.ts', ...args], {
    cwd: path.join(import.meta.dirname, '..'),
    env: { ...process.env, TMPDIR: temporary, NO_COLOR: '1' },
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
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, finished, written: () => stderr };
}

/** Few requests and few pages: what is looked at here does not depend on them. */
const CHEAP = ['--requests', '200', '--keys', '20'];

const lab = (...args: string[]): Promise<Finished> => start(...args).finished;

async function until<T>(look: () => T | undefined | false, limitMillis: number): Promise<T> {
  const end = performance.now() + limitMillis;
  for (;;) {
    const found = look();
    if (found) return found;
    if (performance.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The control sockets in one run's folder; none where it is gone: a lab makes one on trial first. */
function controlSockets(folder: string): { slot: number; pid: number }[] {
  let names: string[] = [];
  try {
    names = readdirSync(path.join(temporary, folder));
  } catch (cause) {
    // Others have files of a moment there.
    if (!/ENOENT|ENOTDIR/.test(String(cause))) throw cause;
  }
  return names.flatMap((name) => {
    const match = /^control-(\d+)-(\d+)\.sock$/.exec(name);
    return match ? [{ slot: Number(match[1]), pid: Number(match[2]) }] : [];
  });
}

test('the main command: table, verdict, report, and nothing left behind', async () => {
  const { code, stdout, stderr } = await lab('--workers', '4', '--out', out);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toContain('✔ 4 workers, the same 4,000 requests: the hit rate went from 95.0 %');
  expect(stdout.match(/Audit clean/g)).toHaveLength(2);
  expect(stdout.match(/Replayed: 4,000 of 4,000 identical/g)).toHaveLength(2);
  // Without a terminal: plain lines, no colours, nothing repainted.
  expect(stripVTControlCharacters(stdout + stderr)).toBe(stdout + stderr);
  expect(stderr).toContain('traffic: 4,000 of 4,000 requests answered');
  expect(readFileSync(/Report +(.*)/.exec(stdout)![1]!, 'utf8')).toMatch(/^<!doctype html>/i);
  expect(readdirSync(temporary)).toEqual([]);
});

describe('a reader that has seen enough', () => {
  test('closes standard output: the run ends in order, keeps its record, and is no success', async () => {
    const { child, finished, written } = start('-w', '2', ...CHEAP, '-o', out);
    await until(() => written().includes("reading the workers' counters"), 20_000);
    child.stdout!.destroy();
    const { code, stderr } = await finished;
    const newest = readdirSync(out)
      .filter((name) => name.endsWith('-hit-rate'))
      .sort()
      .at(-1)!;
    expect(readRecord(path.join(out, newest, 'record.json')).status).toBe('complete');
    expect({ code, stderr }).toMatchObject({ code: 1 });
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('closes standard error: nothing but words is lost', async () => {
    const { child, finished } = start('-w', '2', ...CHEAP, '-o', out);
    child.stderr!.destroy();
    const { code, stdout } = await finished;
    expect(code).toBe(0);
    expect(stdout).toContain('✔ 2 workers, the same 200 requests');
  });
});

describe('Ctrl-C', () => {
  test.skipIf(process.platform !== 'linux').each([
    ['cluster', 'while workers start'],
    ['cluster', 'in the traffic of the second arm'],
    ['pm2', 'while workers start'],
    ['pm2', 'in the traffic of the second arm'],
    ['gunicorn', 'in the traffic of the second arm'],
  ])('under %s, %s: within 2 seconds nothing is left', async (launcher, moment) => {
    const { child, finished, written } = start(
      ...['-w', '3', '-r', '1000', '--rate', '1000', '--keys', '20', '-l', launcher],
      ...['--out', path.join(scratch, 'interrupted')],
    );
    const pid = child.pid!;
    // In the traffic: the counters were read for the second time, before the second arm's traffic.
    const inSecondArm = () => written().split("reading the workers' counters").length === 3;
    await until(
      moment === 'while workers start' ? () => processesOf(pid).length > 0 : inSecondArm,
      25_000,
    );
    const started = processesOf(pid);
    const before = performance.now();
    child.kill('SIGINT');
    // npm hands the signal on, so it comes twice.
    child.kill('SIGINT');
    const { code, stderr } = await finished;
    await until(() => started.every((one) => !isRunning(one)), 2_000);
    expect(performance.now() - before).toBeLessThan(2_000);
    expect(code).toBe(1);
    if (moment !== 'while workers start') {
      const runs = readdirSync(path.join(scratch, 'interrupted'));
      const folder = runs
        .filter((name) => name.endsWith('-hit-rate'))
        .sort()
        .at(-1);
      const saved = readRecord(path.join(scratch, 'interrupted', folder!, 'record.json'));
      expect(saved.status).toBe('interrupted');
      expect(saved.arms.map((arm) => arm.name)).toEqual(['1 worker']);
    }
    expect(stderr).toContain('The run was interrupted (SIGINT)');
    expect(processesOf(pid)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe.skipIf(process.platform !== 'linux').each(['cluster', 'pm2', 'gunicorn'])(
  'under %s',
  (launcher) => {
    const running = () =>
      start(
        '-w',
        '2',
        '-r',
        '6000',
        '--rate',
        '1000',
        '--keys',
        '20',
        '-l',
        launcher,
        '--out',
        out,
      );

    test('a worker that dies ends the run, and is named', async () => {
      const { child, finished, written } = running();
      await until(() => written().includes("reading the workers' counters"), 20_000);
      const [worker] = readdirSync(temporary).flatMap(controlSockets);
      process.kill(worker!.pid, 'SIGKILL');
      const { code, stderr } = await finished;
      expect(code).toBe(1);
      expect(stderr).toContain(`Worker ${worker!.slot} (pid ${worker!.pid}) died during the run.`);
      await until(() => processesOf(child.pid!).length === 0, 5_000);
      expect(readdirSync(temporary)).toEqual([]);
    });

    test('a lab that is killed outright takes its fleet along', async () => {
      const { child, finished } = running();
      await until(
        () => readdirSync(temporary).some((name) => controlSockets(name).length > 0),
        20_000,
      );
      child.kill('SIGKILL');
      await finished;
      await until(() => processesOf(child.pid!).length === 0, 8_000);
      await until(() => readdirSync(temporary).length === 0, 8_000);
    });
  },
);

test('a run that npm started ends in order when npm is killed', async () => {
  const slow = ['-w', '2', '-r', '6000', '--rate', '1000', '--keys', '20', '--out', out];
  const npm = spawn('npm', ['run', 'lab', '--', ...slow], {
    cwd: path.join(import.meta.dirname, '..'),
    env: { ...process.env, TMPDIR: temporary, NODE_COMPILE_CACHE: path.join(scratch, 'npm') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  npm.stderr.on('data', (chunk) => {
    said += chunk;
  });
  await until(() => said.includes("reading the workers' counters"), 30_000);
  npm.kill('SIGKILL');
  await until(() => said.includes('npm, which started it, has ended'), 10_000);
  await until(() => readdirSync(temporary).length === 0, 10_000);
});

test('what cannot be understood ends with exit code 2, all of it told', async () => {
  const { code, stdout, stderr } = await lab('--workers', '0', '--keys', 'x', '--out', out);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/--workers 0: .*\n.*\n.*--keys x: /);
});
