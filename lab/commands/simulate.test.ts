import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecord } from '../../reports/record/file.ts';
import { progressLine } from '../console/trace-progress.ts';
import { lab } from '../fixtures/lab.ts';
import type { SimulatedFleet } from '../simulate/simulate.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'simulate-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Three rounds of the same keys, a second apart. */
const TIMED = ['time,key', ...Array.from({ length: 90 }, (_, i) => `${i},user_${i % 30}`)].join(
  '\n',
);

async function run(content: string | Buffer | null, ...flags: string[]) {
  const trace = path.join(folder, 'trace');
  if (content !== null) writeFileSync(trace, content);
  const out = path.join(folder, 'out');
  const finished = await lab(['simulate', '--trace', trace, '--out', out, ...flags]);
  const newest = readdirSync(out)
    .filter((name) => name.endsWith('-simulate'))
    .sort()
    .at(-1);
  return {
    ...finished,
    get record() {
      return readRecord(path.join(out, newest!, 'record.json'));
    },
  };
}

/** Why a command is refused, with exit code 2. */
async function refusal(...given: Parameters<typeof run>): Promise<string> {
  const { code, stderr } = await run(...given);
  expect(code).toBe(2);
  return stderr;
}

describe('lab simulate', () => {
  it('tells how much oftener separate caches ask the database', async () => {
    const { stdout, record } = await run(TIMED, '--workers', '3,1', '--routing', 'round-robin');
    // 30 keys over 3 workers in turn: every worker sees the same ten keys, so nothing is lost.
    expect(stdout).toContain('sharing gains nothing');
    expect(record.arms).toEqual([]);
    expect(record.verdict!.sentence).toContain('66.7\u00a0% hits');
    const random = await run(TIMED, '--workers', '3');
    const times = /3\sworkers of 300 entries .* ([\d.]+) times as often .* one shared cache of 900/;
    const [, factor] = times.exec(random.record.verdict!.sentence)!;
    // A key that is asked for three times at random workers is new to 3·(1 − (2/3)³) of them.
    expect(Math.abs(Number(factor) - 2.11)).toBeLessThan(0.3);
  });

  it('lets entries expire at the times of the trace', async () => {
    const flags = ['--workers', '1', '--backends', 'locmem', '--json'];
    const misses = async (...more: string[]) => {
      const { stdout } = await run(TIMED, ...flags, ...more);
      const { fleets } = JSON.parse(stdout) as { fleets: { maxEntries: number; misses: number }[] };
      return fleets.find(({ maxEntries }) => maxEntries === 300)!.misses;
    };
    expect(await misses()).toBe(30);
    expect(await misses('--timeout', '31')).toBe(60);
    expect(await misses('--timeout', '30')).toBe(90);
    expect(await misses('--timeout', 'never')).toBe(30);
  });

  it('reads compressed traces and says how to repeat it', async () => {
    const { stdout } = await run(gzipSync(TIMED), '--workers', '2', '--time-unit', 'ms');
    expect(stdout).toMatch(
      /Repeat {3}npm run lab -- simulate --trace \S+ --workers 2 --time-unit ms/,
    );
  });

  it('reports every kind of doubtful line', async () => {
    const { stdout, record } = await run(`${TIMED}\nlate,user_1\n3,user_2\n9\n`, '--workers', '1');
    expect(stdout).toContain('1 line left out: no time. The first is line 92.');
    expect(stdout).toContain('The time runs backwards in 1 line, by 86 s at most');
    expect(record.warnings).toHaveLength(3);
  });

  it('says that nothing expires without times, unless a rate gives them', async () => {
    const keys = TIMED.split('\n')
      .slice(1)
      .map((line) => line.split(',')[1]!)
      .join('\n');
    expect((await run(keys)).stdout).toContain('has no times, so nothing expires');
    const timed = await run(keys, '--rate', '1', '--timeout', '30', '--workers', '1');
    expect(timed.stdout).toContain('0.0 %');
    expect(await refusal(keys, '--timeout', '30')).toContain('has no times');
    expect(await refusal(TIMED, '--rate', '1')).toContain('this one has times');
  });

  it('warns when a sample leaves caches too small', async () => {
    const { stdout } = await run(TIMED, '--sample', '0.3', '--max-entries', '100');
    expect(stdout).toContain('--sample 0.3 a cache of 100 entries is simulated by one of 30');
    expect(stdout).toContain('Estimated from 30 % of the keys');
  });

  it.each([
    ['--workers', '0'],
    ['--workers', '10001'],
    ['--sample', '0'],
    ['--sample', '1.5'],
    ['--routing', 'sticky'],
    ['--backends', 'redis'],
    ['--rate', '0'],
    ['--format', 'xml'],
  ])('refuses %s %s', async (flag, value) => {
    expect(await refusal(TIMED, flag, value)).toContain(flag);
  });

  it('tells a script, too, what was left out and which clock was wrong', async () => {
    const line = (second: number, request: string) =>
      `10.0.0.1 - - [10/Oct/2000:13:55:${second} +0000] "${request} HTTP/1.1" `;
    const log = [
      ...[
        `${line(10, 'GET /a')}200 5`,
        `${line(11, 'POST /a')}201 5`,
        `${line(12, 'GET /b')}500 5`,
      ],
      `${line(13, 'GET /a').replace('2000', '2030')}200 5`,
      ...[`${line(14, 'GET /b')}200 5`, `${line(15, 'POST /b')}201 5`],
    ].join('\n');
    const { stdout, stderr, record } = await run(log, '--json', '--workers', '1');
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({ format: 'log', lines: 6, requests: 3, keys: 2 });
    expect(told.leftOut).toEqual({ 'POST 201': 2, 'GET 500': 1 });
    expect(told.only).toBe('GET 200, HEAD 200');
    const messages = told.warnings.map(({ message }: { message: string }) => message);
    expect(messages).toEqual([
      expect.stringContaining('only GET 200, HEAD 200 count: 2 POST 201, 1 GET 500.'),
      expect.stringContaining('The time of 1 line is far in the future; the first is line 4.'),
    ]);
    expect(record.warnings).toHaveLength(2);
    expect(stderr).toContain('3 requests left out');
    expect(stderr).toContain('--only all');
  });

  it.each([
    ['hardly a key comes again', [...'abcdefghijklmnopqrstu'], 'Hardly any key came twice: 21'],
    ['all have one key', [...'aaaa'], 'All 4 requests have the same key'],
  ])('gives no advice where %s', async (_, keys, seen) => {
    const { stdout, record } = await run(keys.join('\n'), '--format', 'keys');
    expect(stdout).toContain(seen);
    expect(stdout).toContain('so there is no advice. The first key is “a”');
    expect(record.verdict!.sentence).not.toContain('shared');
  });

  it('gives no advice where no lookup is a hit', async () => {
    const { stdout } = await run(TIMED, '--timeout', '1', '--workers', '1,4');
    expect(stdout).toContain('Not one of 90 requests hits in any of these caches');
  });

  it('says how to repeat it, with patterns as they were given', async () => {
    const flags = ['--key-from', "user_(\\d)'?", '--time-from', '^(\\d+)', '--only', 'all'];
    const { stdout } = await run(TIMED, ...flags);
    expect(stdout).toMatch(
      /--trace \S+ --key-from 'user_\(\\d\)'\\''\?' --time-from '\^\(\\d\+\)' --only all$/m,
    );
    const example = await lab(['simulate', '--example', '--out', path.join(folder, 'out')]);
    expect(example.stdout).toMatch(/Repeat {3}npm run lab -- simulate --example$/m);
  });

  it('needs one trace, or the example', async () => {
    const none = await lab(['simulate']);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('No trace was given.')]);
    expect(await refusal(TIMED, '--example')).toContain(
      '--trace and --example exclude each other.',
    );
  });

  it('refuses to choose requests where nothing tells them apart', async () => {
    const refused = '--only GET selects by method and status, but this trace,  CSV, has neither.';
    expect(await refusal(TIMED, '--only', 'GET')).toContain(refused);
  });

  it.each([
    ['--key-field', 'user'],
    ['--status-field', 'user'],
    ['--time-unit', 'ms'],
  ])('refuses %s %s for a trace it says nothing about', async (flag, value) => {
    const line = '10.0.0.1 - - [10/Oct/2000:13:55:36 +0000] "GET /a HTTP/1.1" 200 1\n';
    const refused = `${flag} is for CSV or JSON, and this trace is an access log.`;
    expect(await refusal(line.repeat(2), flag, value)).toContain(refused);
  });

  it('refuses a unit of times where there are none', async () => {
    expect(await refusal('a\nb\na\n', '--time-unit', 'ms')).toContain('a key per line');
  });

  it('refuses what is no trace', async () => {
    expect(await refusal(null)).toContain('no such file');
    expect(await refusal('')).toContain('empty');
    expect(await refusal(Buffer.from([0, 1, 2]))).toContain('binary');
    expect(await refusal(TIMED, '--key-from', 'no group')).toContain(
      '--key-from no group: it needs url, path, or a regular expression with a group',
    );
  });
});

describe('the progress of a trace', () => {
  it('tells how far it is and how long it will take', () => {
    const state = { bytesRead: 25, bytes: 100, requests: 1234 };
    expect(progressLine(state, 10)).toMatch(/25 % · 1,234\u00a0requests · 30 s left$/);
    expect(progressLine({ ...state, bytesRead: 1 }, 10)).toMatch(/16 min 30 s left$/);
    expect(progressLine({ ...state, bytes: null }, 10)).toBe(
      '1,234\u00a0requests · 0.0\u00a0MiB read',
    );
  });
});

describe('what happens while requests come', () => {
  /** Two clients ask for a page each second, and now and then it is changed. */
  const log = () =>
    Array.from({ length: 120 }, (_, i) => {
      const time = `10/Oct/2023:13:${String(Math.floor(i / 60)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')} +0000`;
      const method = i % 10 === 5 ? 'PUT' : 'GET';
      return `10.0.0.${i % 2} - - [${time}] "${method} /users/1 HTTP/1.1" 200 10 "-" "x"`;
    }).join('\n');
  const fleetsOf = async (...flags: string[]) => {
    const { stdout } = await run(log(), '--workers', '1,2', '--sizes', '300', '--json', ...flags);
    return (JSON.parse(stdout) as { fleets: SimulatedFleet[] }).fleets;
  };

  it('counts what a write removes, and what it leaves stale elsewhere', async () => {
    const [one, , two] = await fleetsOf('--writes', '--routing', 'round-robin');
    // 12 writes, one worker: the first read and one after each write but for the next in turn.
    expect([one!.misses, one!.staleReads]).toEqual([13, 0]);
    // In turn, all writes reach the second worker: the first one never learns of them.
    expect(two!.misses).toBe(14);
    expect(two!.staleReads).toBe(57);
  });

  it('empties caches of workers that are replaced, and not a shared one', async () => {
    const [one, shared] = await fleetsOf('--restart-every', '1m', '--timeout', 'never');
    expect([one!.misses, shared!.misses]).toEqual([2, 1]);
    const [after] = await fleetsOf('--max-requests', '27', '--timeout', 'never');
    // 108 reads are four lives.
    expect(after!.misses).toBe(4);
  });

  it('draws the curve over the sizes that were asked for', async () => {
    const { stdout } = await run(log(), ...['--workers', '2', '--json', '-q', '--sizes', '5,50']);
    const { fleets } = JSON.parse(stdout) as { fleets: SimulatedFleet[] };
    expect(fleets.map(({ maxEntries }) => maxEntries)).toEqual([5, 50, 300, 600]);
  });

  it.each([
    [['--idle', '5'], '--idle is for --routing by-client, and this is random.'],
    [['--max-requests-jitter', '5'], '--max-requests-jitter is nothing without --max-requests.'],
    [['--hit-ms', '1'], '--hit-ms, --miss-ms and --shared-ms are weighed'],
    [['--miss-ms', '1'], '--hit-ms, --miss-ms and --shared-ms are weighed'],
    [['--writes', '--sample', '0.5'], '--sample leaves out requests that'],
    [['--restart-every', 'soon'], 'it needs a time above 0, e.g. 6h'],
  ])('refuses %s', async (flags, said) => {
    const { code, stderr } = await run(log(), ...flags);
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
  });

  it.each([
    [['--routing', 'by-client'], 'does not tell who asked'],
    [['--writes'], 'does not tell what requests do'],
    [['--restart-every', '6h'], 'does not tell when requests came'],
  ])('refuses %s of a trace that tells too little', async (flags, said) => {
    const { code, stderr } = await run('a\nb\na\nb\n', ...flags);
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
  });
});
