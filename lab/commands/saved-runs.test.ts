import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { CommanderError } from 'commander';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sampleRecord } from '../../reports/fixtures/sample-record.ts';
import { writeRecord } from '../../reports/record/file.ts';
import { scenarios } from '../../scenarios/index.ts';
import { LabError } from '../console/errors.ts';
import { compareCommand } from './compare.ts';
import { courseCommand } from './course.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { indexCommand } from './run-index.ts';

/** The commands that work on saved runs: their words, their exit codes, what they leave behind. */

const out = mkdtempSync(path.join(tmpdir(), 'saved-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const four = sampleRecord({ workers: [1, 4] });
four.id = 'four';
four.startedAt = '2026-02-02T00:00:00.000Z';
const eight = sampleRecord({ workers: [1, 8] });
eight.id = 'eight';
const folderOf = (id: string) => path.join(out, id);

beforeAll(async () => {
  for (const record of [four, eight]) await writeRecord(folderOf(record.id), record);
});

interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command as the command line does, without the second that a process of its own takes. */
async function lab(name: keyof typeof COMMANDS, ...args: string[]): Promise<Finished> {
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += stripVTControlCharacters(String(text));
      return true;
    });
  }
  const before = process.exitCode;
  let code = 0;
  try {
    await COMMANDS[name]().exitOverride().parseAsync(args, { from: 'user' });
    code = Number(process.exitCode ?? 0);
  } catch (error) {
    if (!(error instanceof LabError || error instanceof CommanderError)) throw error;
    code = error instanceof LabError ? error.exitCode : 2;
    written.stderr += error.message;
  } finally {
    process.exitCode = before;
    vi.restoreAllMocks();
  }
  return { code, ...written };
}

const COMMANDS = {
  run: runCommand,
  report: reportCommand,
  compare: compareCommand,
  index: indexCommand,
  course: courseCommand,
};

describe('report', () => {
  test.each([
    ['--json', (text: string) => expect(JSON.parse(text).id).toBe('four')],
    ['--csv', (text: string) => expect(text).toMatch(/^run,scenario,.*\r\nfour,hit-rate,/)],
    ['--markdown', (text: string) => expect(text).toMatch(/^### .*\n\n✔ .*\n\n\| arm \|/)],
  ])('%s: that alone on standard output, the path beside it', async (flag, check) => {
    const { code, stdout, stderr } = await lab('report', folderOf('four'), flag);
    expect(code).toBe(0);
    check(stdout);
    expect(stderr).toBe(`${path.join(folderOf('four'), 'report.html')}\n`);
  });
});

test('the figures as CSV are those of the record, to the last digit', async () => {
  const { stdout } = await lab('report', folderOf('four'), '--csv');
  const [head, ...lines] = stdout
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  expect(lines).toHaveLength(1 + 1 + 4 + 1);
  const all = lines.find((line) => line.includes('4 workers') && line.includes('all'))!;
  const { totals } = four.arms[1]!.phases[0]!;
  expect(Number(all[head!.indexOf('hits')])).toBe(totals.hits);
  expect(Number(all[head!.indexOf('hitRate')])).toBe(totals.hitRate);
});

describe('compare', () => {
  test('says what differs and what is told apart, and leaves a page in the list', async () => {
    const { code, stdout } = await lab('compare', folderOf('four'), folderOf('eight'), '-o', out);
    expect(code).toBe(0);
    expect(stdout).toMatch(/workers +1, 4 +1, 8/);
    expect(stdout).toMatch(/4 workers \/ 8 workers +misses .* worse/);
    const page = /Page +(.*)/.exec(stdout)![1]!;
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/);
    expect(readFileSync(path.join(out, 'index.html'), 'utf8')).toContain(path.basename(page));
  });

  test('--json has the differences', async () => {
    const both = [folderOf('four'), folderOf('eight')];
    const { stdout, stderr } = await lab('compare', ...both, '-o', out, '--json');
    const { figures } = JSON.parse(stdout);
    const misses = figures.find(
      (row: { arm: string; figure: string }) => row.arm.includes('4') && row.figure === 'misses',
    );
    const [before, after] = [four, eight].map((run) => run.arms[1]!.phases[0]!.totals.misses.cold);
    expect(misses.changes[0].value).toBe(after! - before!);
    expect(stderr).toContain('Page');
  });
});

describe('index', () => {
  test('lists what is there', async () => {
    rmSync(path.join(out, 'index.html'), { force: true });
    const { code, stdout } = await lab('index', '-o', out);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${path.join(out, 'index.html')}\n` });
    expect(readFileSync(path.join(out, 'index.html'), 'utf8')).toContain('four/record.json');
    expect(readdirSync(out).filter((name) => name.includes('.tmp'))).toEqual([]);
  });
});

describe('course', () => {
  test('--from makes the pages of saved runs, a page for every lesson', async () => {
    const { code, stdout } = await lab('course', '--from', out, '-o', out);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `Course   ${path.join(out, 'course/index.html')}\n`,
    });
    const pages = readdirSync(path.join(out, 'course'));
    for (const name of Object.keys(scenarios)) expect(pages).toContain(`${name}.html`);
    const lesson = readFileSync(path.join(out, 'course/hit-rate.html'), 'utf8');
    expect(lesson.includes('Made from the record of run four.')).toBe(true);
    expect(readFileSync(path.join(out, 'index.html'), 'utf8')).toContain('course/index.html');
  });

  test('--check tells in plain words whether the machine is ready', async () => {
    const { code, stdout } = await lab('course', '--check');
    expect(stdout).toContain('Node');
    expect(stdout).toMatch(code === 0 ? /is ready/ : /is not ready: \w/);
  });
});

describe('bad input is refused with exit code 2', () => {
  test.each([
    [['compare', folderOf('four')], /2 to 8 runs; 1 was given/],
    [['compare', folderOf('four'), 'package.json'], /no record of this lab/],
    [['compare', folderOf('four'), folderOf('eight'), '--csv', '--json'], /exclude each other/],
    [['report', folderOf('four'), '--csv', '--markdown'], /exclude each other/],
    [['report', folderOf('none')], /none cannot be read: there is no such file/],
    [['run', '--csv', '--json'], /--json and --csv exclude each other/],
    [['course', '--from', path.join(out, 'none')], /none/],
    [['course', '--from', out, '--brief'], /cannot be used with/],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await lab(...(args as [keyof typeof COMMANDS, ...string[]]));
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

test('a damaged record does not keep the others from the list', async () => {
  await writeRecord(folderOf('cut'), four);
  writeFileSync(path.join(folderOf('cut'), 'record.json'), '{"schema":');
  const { code } = await lab('index', '-o', out);
  expect(code).toBe(0);
  expect(readFileSync(path.join(out, 'index.html'), 'utf8')).toContain('record.json is not JSON');
});
