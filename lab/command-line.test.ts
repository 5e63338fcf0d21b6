import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readRecord } from '../reports/record/file.ts';
import { MEASURES } from '../reports/record/measures.ts';
import type { RunRecord } from '../reports/record/schema.ts';
import { LabError } from './console/errors.ts';
import { inThisProcess, lab } from './fixtures/lab.ts';
import { inProcess } from './fleet/fixtures/in-process.ts';

/** From the flag to the report, with workers that live in this process. */

const out = mkdtempSync(path.join(tmpdir(), 'lab-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const SMALL = ['--workers', '3', '--requests', '300', '--keys', '30', '-q', '--out', out];

/** Runs the lab, and reads what it left. */
async function run(...args: string[]) {
  const finished = await lab([...SMALL, ...args], inThisProcess);
  const file = /Record +(\S.*)/.exec(finished.stdout + finished.stderr)?.[1];
  return { ...finished, file, record: file ? readRecord(file) : (null as unknown as RunRecord) };
}

describe('a run', () => {
  test('shows one cache becoming three: table, verdict, record, report, how to repeat it', async () => {
    const { code, stdout, stderr, record, file } = await run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [one, three] = record.arms.map((arm) => arm.phases[0]!.totals);
    expect(one!.misses.cold).toBe(30);
    expect(three!.misses.cold).toBeGreaterThan(60);
    expect(stdout).toContain('1 worker: hit rate 90.0 %, 30 origin queries in ');
    expect(stdout).toContain(
      `✔ 3 workers, the same 300 requests: the hit rate went from 90.0 % to ${(100 * three!.hitRate!).toFixed(1)} %, and the database got ${three!.misses.cold} queries instead of 30`,
    );
    expect(stdout.match(/Audit clean/g)).toHaveLength(2);
    expect(stdout.match(/Replayed: 300 of 300 identical\./g)).toHaveLength(2);
    expect(stdout).toContain(
      'Repeat   npm run lab -- --scenario hit-rate --workers 3 --requests 300 --keys 30 --seed 1\n',
    );
    const report = path.join(path.dirname(file!), 'report.html');
    expect(stdout).toContain(`Report   ${report}`);
    expect(readFileSync(report, 'utf8')).toMatch(/^<!doctype html>/i);
  });

  test('tells each worker in a row, and all of them in the last', async () => {
    const { stdout, record } = await run();
    const { workers } = record.arms[1]!.phases[0]!;
    const rows = stdout.split('3 workers: hit rate')[1]!.split('\n').slice(2, 6);
    const cells = rows.map((row) => row.trim().split(/ {2,}/));
    expect(cells.map(([name]) => name)).toEqual(['1', '2', '3', 'all']);
    expect(cells.slice(0, 3).map((row) => row.slice(2, 5))).toEqual(
      workers.map(({ requests, hits }) => [requests, hits, requests - hits].map(String)),
    );
    expect(cells[3]!.slice(2, 4)).toEqual([
      '300',
      String(workers.reduce((sum, { hits }) => sum + hits, 0)),
    ]);
  });

  test('without a terminal tells its steps in plain lines, unless it is to be quiet', async () => {
    const loud = SMALL.filter((flag) => flag !== '-q');
    const { stderr } = await lab(loud, inThisProcess);
    expect(stderr).toContain('hit-rate · 3 workers · cluster · locmem\n  starting 3 workers\n');
    expect(stderr).toContain('  traffic: 300 of 300 requests answered\n  worker  1  ');
  });

  test('keeps to the seed: the same keys again, and others with another', async () => {
    const keysOf = async (seed: string) => {
      const { record } = await run('--workers', '1', '--seed', seed);
      const { key, keys } = record.arms[0]!.phases[0]!.trace!;
      return key.map((index) => keys[index]);
    };
    const first = await keysOf('7');
    expect(await keysOf('7')).toEqual(first);
    expect(await keysOf('8')).not.toEqual(first);
  });

  test('--json prints one summary on standard output and nothing else', async () => {
    const { code, stdout, stderr, record, file } = await run('--json');
    expect(code).toBe(0);
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({
      id: record.id,
      scenario: 'hit-rate',
      status: 'complete',
      auditClean: true,
      verdict: { agreement: 'agrees' },
      record: path.resolve(file!),
      command: record.command,
    });
    // The no-break spaces of the record are for pages.
    const plain = (value: object | string) =>
      JSON.parse(JSON.stringify(value).replaceAll('\u00a0', ' '));
    expect(summary.verdict.sentence).toBe(plain(record.verdict!.sentence));
    expect(summary.warnings).toEqual(plain(record.warnings));
    const [, phase] = record.arms.map((arm) => arm.phases[0]!);
    for (const { id, of } of Object.values(MEASURES))
      expect(summary.arms[1].phases[0][id]).toBe(of(phase!));
    expect(summary.arms[1].phases[0].expectedMisses).toEqual(phase!.expected!.misses);
    expect(stderr).toContain('3 workers, the same 300 requests');
  });

  test('of several scenarios --json is an array, and words end claim by claim', async () => {
    const { stdout, stderr } = await lab(
      ['--scenario', 'hit-rate,user-123', '--json', '-q', '-w', '2', '--out', out],
      inThisProcess,
    );
    expect(JSON.parse(stdout).map(({ scenario }: { scenario: string }) => scenario)).toEqual([
      'hit-rate',
      'user-123',
    ]);
    expect(stderr).toMatch(/Claim by claim\n[\s\S]*C6 [\s\S]*✔ user-123/);
    expect(stderr).toMatch(/✔ 2 scenarios ended, and none disagrees with theory \([\d.]+ s\)\.\n$/);
  });

  test('--csv and --markdown give the same figures in their own way', async () => {
    const csv = await run('--csv');
    expect(csv.stdout).toMatch(/^run,scenario,seed,arm,/);
    expect(csv.stdout.trim().split('\r\n')).toHaveLength(1 + 1 + 1 + 3 + 1);
    expect((await run('--markdown')).stdout).toMatch(/^### What happens to the hit rate .*\n\n✔ /);
  });

  test('fewer connections than workers: it runs, and warns', async () => {
    const { code, stdout } = await run('--connections', '2');
    expect(code).toBe(0);
    expect(stdout).toContain('2 connections for 3 workers');
    expect(stdout).toContain('Use --connections 3 or more');
  });

  test('rounds, each with its own keys, are compared in a table of their own', async () => {
    const { record } = await run('--rounds', '2');
    expect(record.arms.map(({ name }) => name)).toEqual([
      '1 worker, round 1',
      '3 workers, round 1',
      '1 worker, round 2',
      '3 workers, round 2',
    ]);
    expect(record.exhibits.map(({ id }) => id)).toEqual(['rounds']);
  });
});

describe('what goes wrong in a run', () => {
  const crashing = {
    launcherOf: async () => ({
      ...inProcess,
      async start(...given: Parameters<typeof inProcess.start>) {
        const fleet = await inProcess.start(...given);
        if (given[0].workers > 1) setTimeout(() => void fleet.crash(2), 100);
        return fleet;
      },
    }),
  };

  test('a worker that dies ends it, is named, and leaves what was measured before', async () => {
    const { code, stderr } = await lab([...SMALL, '--rate', '300'], crashing);
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: Worker 2 \(pid \d+\) died during the run\./);
    const newest = readdirSync(out)
      .filter((name) => name.endsWith('-hit-rate'))
      .sort()
      .at(-1)!;
    const record = readRecord(path.join(out, newest, 'record.json'));
    expect(record.status).toBe('failed');
    expect(record.arms.map(({ name }) => name)).toEqual(['1 worker']);
  });

  test('an interruption is told by its name, and the record says so', async () => {
    const controller = new AbortController();
    setTimeout(
      () => controller.abort(new LabError('The run was interrupted.', { remedy: 'Again.' })),
      150,
    );
    const { code, stdout, stderr } = await lab([...SMALL, '--rate', '200'], {
      ...inThisProcess,
      interrupted: () => controller.signal,
    });
    expect(code).toBe(1);
    expect(stderr).toContain('error: The run was interrupted.\nAgain.\n');
    expect(stdout).toContain('Not complete: The run was interrupted.');
  });

  test('a defect of the lab is told as such, with a stack', async () => {
    const { code, stderr } = await lab(SMALL, {
      launcherOf: () => Promise.reject(new TypeError('undefined is not a launcher')),
    });
    expect(code).toBe(1);
    expect(stderr).toContain(
      'error: TypeError: undefined is not a launcher\nThe lab itself failed',
    );
    expect(stderr).toContain('    at ');
  });

  test('a port that is taken is named, and nothing is started', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { code, stderr, stdout } = await lab([...SMALL, '--port', String(port)]);
    server.close();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`Port ${port} is taken.`);
  });
});

describe('bad input is refused before anything is started, with exit code 2', () => {
  test.each([
    [['--workers', '0'], '--workers 0: it needs a whole number from 1 to 64.'],
    [['--workers', '-3'], '--workers -3: it needs a whole number from 1 to 64.'],
    [['--workers', '65'], '--workers 65: it needs a whole number from 1 to 64.'],
    [['--workers', '1.5'], '--workers 1.5: it needs a whole number from 1 to 64.'],
    [['--workers', ''], '--workers "": it needs one or more whole numbers from 1 to 64.'],
    [['--workers', '1,,4'], '--workers 1,,4: it needs a whole number from 1 to 64.'],
    [['--scenario', 'hitrate'], '--scenario hitrate: there is no such scenario.'],
    [['--scenario', ''], '--scenario "": it is empty.'],
    [['--scenario', '__proto__'], '--scenario __proto__: there is no such scenario.'],
    [['--launcher', 'docker'], '--launcher docker: it needs one of: cluster, pm2, gunicorn.'],
    [['--launcher', 'threads'], '--launcher threads: it needs one of: cluster, pm2, gunicorn.'],
    [['--routing', 'sticky'], '--routing sticky: it needs one of: keep-alive, fresh, by-key.'],
    [['--popularity', 'normal'], '--popularity normal: it needs one of: zipf, uniform, cyclic.'],
    [
      ['--backends', 'locmem,disk'],
      '--backends locmem,disk: it needs one of: dummy, file, locmem,',
    ],
    [['--backends', ''], '--backends "": it needs one or more of: dummy, file, locmem,'],
    [['--keys', '0'], '--keys 0: it needs a whole number from 1 to 1000000.'],
    [['--zipf', '0x5'], '--zipf 0x5: it needs a number from 0 to 10.'],
    [['--timeout', '0x10'], '--timeout 0x10: it needs seconds above 0'],
    [['--redis', 'http://127.0.0.1'], '--redis http://127.0.0.1: it needs redis://host:port'],
    [['--redis', ''], '--redis "": it needs redis://host:port'],
    [['--memcached', '127.0.0.1'], '--memcached 127.0.0.1: it needs host:port'],
    [['--memcached', '127.0.0.1:99999'], '--memcached 127.0.0.1:99999: it needs host:port'],
    [['--memcached', 'unix://run/m'], '--memcached unix://run/m: it needs host:port'],
    [['--memcached', 'a b:11211'], '--memcached a b:11211: it needs host:port'],
    [['--requests', '5', '--connections', '6'], '--requests 5 is fewer than --connections 6'],
    [['--wrokers', '4'], "unknown option '--wrokers'"],
    [['--out', 'package.json'], '--out package.json cannot be written: a file is in the way.'],
    [['--out', ''], '--out "": it is empty.'],
    [['frobnicate'], 'There is no command "frobnicate".\nUse one of: run, list, report,'],
    [['toString'], 'There is no command "toString".'],
    [['report', 'LICENSE'], 'LICENSE is not JSON'],
    [['report', 'package.json'], 'package.json is JSON, but no record'],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await lab(args);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('all faults are told at once', async () => {
    const { code, stderr } = await lab([
      ...['--workers', '99', '--keys', 'many', '--scenario', 'user-123', '--timeout', '3'],
      ...['--json', '--csv', '--out', 'package.json'],
    ]);
    expect(code).toBe(2);
    expect(stderr.match(/^error: .*/gm)).toEqual([
      'error: --workers 99: it needs a whole number from 1 to 64.',
      'error: --keys many: it needs a whole number from 1 to 1000000.',
      'error: --json and --csv exclude each other: standard output can carry only one.',
      'error: --timeout 3 cannot be used with --scenario user-123: entries would expire while it runs; 10 is enough.',
      'error: --out package.json cannot be written: a file is in the way.',
    ]);
  });

  test.each([
    [99, 'version 99; this lab reads version 2. A newer lab wrote it.'],
    [1, 'version 1; this lab reads version 2. An older lab wrote it; run its command again.'],
  ])('a record of version %i', async (version, message) => {
    const file = path.join(out, 'other.json');
    writeFileSync(file, JSON.stringify({ schema: 'cache-lab/record', version }));
    const { code, stderr } = await lab(['report', file]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('help', () => {
  test('names every command, and each has its flags', async () => {
    const { code, stdout } = await lab(['--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/run \[options\]|run +run a scenario/);
    for (const name of ['list', 'report', 'compare', 'index', 'course', 'predict', 'simulate']) {
      expect(stdout).toMatch(new RegExp(`^ +${name} `, 'm'));
      expect((await lab([name, '--help'])).stdout).toContain(`Usage: lab ${name}`);
    }
  });

  test('of a run tells what flags default to', async () => {
    const { stdout } = await lab(['run', '--help']);
    expect(stdout).toContain(
      '--launcher cluster --gunicorn-class sync --threads 1 --backends locmem',
    );
  });
});
