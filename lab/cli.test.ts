import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { readRecord } from '../reports/record/file.ts';
import { isRunning } from '../server/running.ts';

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

/** The processes that the lab with this pid has started: all have its settings in their environment. */
function processesOf(labPid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        return pid !== labPid && environment.includes(`"labPid":${labPid}`);
      } catch {
        return false;
      }
    });
}

/** The control sockets in one run's folder. */
function controlSockets(folder: string): { slot: number; pid: number }[] {
  return readdirSync(path.join(temporary, folder)).flatMap((name) => {
    const match = /^control-(\d+)-(\d+)\.sock$/.exec(name);
    return match ? [{ slot: Number(match[1]), pid: Number(match[2]) }] : [];
  });
}

describe('the main command', () => {
  test('shows one cache becoming four: table, verdict, record, report, and how to repeat it', async () => {
    const { code, stdout, stderr } = await lab('--workers', '4', '--out', out);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain('✔ 4 workers, the same 4,000 requests: the hit rate went from');
    expect(stdout.match(/Audit clean/g)).toHaveLength(2);
    expect(stdout.match(/Replayed: 4,000 of 4,000 identical/g)).toHaveLength(2);
    expect(stdout).toContain('npm run lab -- --scenario hit-rate --workers 4');
    // Without a terminal: plain lines, no colours, nothing repainted.
    expect(stripVTControlCharacters(stdout + stderr)).toBe(stdout + stderr);
    expect(stderr).toContain('traffic: 4,000 of 4,000 requests answered');

    const record = readRecord(/Record +(.*)/.exec(stdout)![1]!);
    const [one, four] = record.arms.map((arm) => arm.phases[0]!.totals);
    expect(one!.misses.cold).toBeLessThanOrEqual(200);
    expect(four!.misses.cold).toBeGreaterThan(3 * one!.misses.cold);
    expect(stdout).toContain(`asked ${four!.misses.cold} times instead of ${one!.misses.cold}`);
    expect(readFileSync(/Report +(.*)/.exec(stdout)![1]!, 'utf8')).toMatch(/^<!doctype html>/i);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('--json prints one summary on standard output and nothing else', async () => {
    const { code, stdout } = await lab('--json', '-q', '-w', '2', '-r', '400', '--out', out);
    expect(code).toBe(0);
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({ status: 'complete', auditClean: true });
    expect(summary.arms.map((arm: { workers: number }) => arm.workers)).toEqual([1, 2]);
  });

  test('the same seed asks for the same keys again', async () => {
    const run = async (seed: string) => {
      const { stdout } = await lab(
        '--json',
        '-q',
        '-w',
        '1',
        '-r',
        '600',
        '--seed',
        seed,
        '-o',
        out,
      );
      return readRecord(JSON.parse(stdout).record).arms[0]!.phases[0]!.trace!;
    };
    const [first, again, other] = [await run('7'), await run('7'), await run('8')];
    expect(again.key.map((key) => again.keys[key])).toEqual(
      first.key.map((key) => first.keys[key]),
    );
    expect(other.key.map((key) => other.keys[key])).not.toEqual(
      first.key.map((key) => first.keys[key]),
    );
  });

  test('fewer connections than workers: it runs, and warns', async () => {
    const { code, stdout } = await lab('-w', '4', '-c', '2', '-r', '400', '-q', '--out', out);
    expect(code).toBe(0);
    expect(stdout).toContain('2 connections for 4 workers');
    expect(stdout).toContain('Use --connections 4 or more');
  });

  test('a port that is taken is named, and nothing is started', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { code, stderr } = await lab('--port', String(port), '--out', out);
    server.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} is taken.`);
  });

  test('report renders a saved run again', async () => {
    const { stdout } = await lab('--json', '-q', '-w', '2', '-r', '400', '--out', out);
    const { report, record } = JSON.parse(stdout);
    const before = readFileSync(report, 'utf8');
    writeFileSync(report, '');
    const again = await lab('report', path.dirname(record));
    expect(again).toMatchObject({ code: 0, stdout: `${report}\n` });
    expect(readFileSync(report, 'utf8')).toBe(before);
  });
});

describe('Ctrl-C', () => {
  test.skipIf(process.platform !== 'linux').each([
    ['cluster', 'while workers start'],
    ['cluster', 'in the traffic of the second arm'],
    ['pm2', 'while workers start'],
    ['pm2', 'in the traffic of the second arm'],
  ])('under %s, %s: within 2 seconds nothing is left', async (launcher, moment) => {
    const { child, finished, written } = start(
      ...['-w', '4', '-r', '3000', '--rate', '1500', '-l', launcher],
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

describe.skipIf(process.platform !== 'linux').each(['cluster', 'pm2'])('under %s', (launcher) => {
  const running = () =>
    start('-w', '2', '-r', '6000', '--rate', '1500', '-l', launcher, '--out', out);

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
    // Nobody is left to remove the folder; it is the temporary folder of the machine that does.
    for (const name of readdirSync(temporary))
      rmSync(path.join(temporary, name), { recursive: true });
  });
});

describe('bad input is refused before anything is started, with exit code 2', () => {
  test.each([
    [['--workers', '0'], /--workers .*'0'.* 1 to 64/],
    [['--workers', '-3'], /--workers .*'-3'.* 1 to 64/],
    [['--workers', '65'], /--workers .*'65'.* 1 to 64/],
    [['--workers', 'abc'], /--workers .*'abc'.* 1 to 64/],
    [['--workers', '1.5'], /--workers .*'1.5'.* 1 to 64/],
    [['--workers', ''], /--workers .*''.* 1 to 64/],
    [['--workers', '1,,4'], /--workers .*'1,,4'.* 1 to 64/],
    [['--scenario', 'hitrate'], /--scenario hitrate: .*Use one of: .*hit-rate/s],
    [['--launcher', 'docker'], /--launcher .*'docker'.* cluster, pm2/],
    [['--popularity', 'normal'], /--popularity .*'normal'.* zipf, uniform, cyclic/],
    [['--backends', 'disk'], /--backends .*'disk'.* locmem/],
    [['--keys', '0'], /--keys .*'0'.* from 1/],
    [['--connections', '0'], /--connections .*'0'.* from 1/],
    [['--requests', '5', '--connections', '6'], /--requests 5 .*--connections 6/],
    [['--wrokers', '4'], /unknown option '--wrokers'.*Did you mean --workers/s],
    [['--out', 'package.json'], /--out package.json .*file/],
    [['frobnicate'], /no command "frobnicate".* run, list, report/s],
    [['report', 'LICENSE'], /LICENSE is not JSON/],
    [['report', 'package.json'], /package.json is JSON, but no record/],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await lab(...args);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('a record of a newer lab', async () => {
    const file = path.join(scratch, 'newer.json');
    writeFileSync(file, JSON.stringify({ schema: 'cache-lab/record', version: 99 }));
    const { code, stderr } = await lab('report', file);
    expect(code).toBe(2);
    expect(stderr).toContain('version 99');
    expect(stderr).toContain('A newer lab wrote it.');
  });
});
