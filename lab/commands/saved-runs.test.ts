import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleRecord } from '../../reports/fixtures/sample-record.ts';
import { writeRecord } from '../../reports/record/write.ts';
import { SCENARIO_NAMES } from '../../scenarios/index.ts';
import { lab } from '../fixtures/lab.ts';

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

describe('report', () => {
  test.each([
    ['--json', (text: string) => expect(JSON.parse(text).id).toBe('four')],
    ['--csv', (text: string) => expect(text).toMatch(/^run,scenario,.*\r\nfour,hit-rate,/)],
    ['--markdown', (text: string) => expect(text).toMatch(/^### .*\n\n✔ .*\n\n\| arm \|/)],
  ])('%s: that alone on standard output, the path beside it', async (flag, check) => {
    const { code, stdout, stderr } = await lab(['report', folderOf('four'), flag]);
    expect(code).toBe(0);
    check(stdout);
    expect(stderr).toBe(`${path.join(folderOf('four'), 'report.html')}\n`);
  });
});

test('the figures as CSV are those of the record, to the last digit', async () => {
  const { stdout } = await lab(['report', folderOf('four'), '--csv']);
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
    const { code, stdout } = await lab(['compare', folderOf('four'), folderOf('eight'), '-o', out]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/workers +1, 4 +1, 8/);
    expect(stdout).toMatch(/4 workers \/ 8 workers +misses .* worse/);
    const page = /Page +(.*)/.exec(stdout)![1]!;
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/);
    expect(readFileSync(path.join(out, 'index.html'), 'utf8')).toContain(path.basename(page));
  });

  test('--json has the differences', async () => {
    const both = [folderOf('four'), folderOf('eight')];
    const { stdout, stderr } = await lab(['compare', ...both, '-o', out, '--json']);
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
    const { code, stdout } = await lab(['index', '-o', out]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${path.join(out, 'index.html')}\n` });
    expect(readFileSync(path.join(out, 'index.html'), 'utf8')).toContain('four/record.json');
    expect(readdirSync(out).filter((name) => name.includes('.tmp'))).toEqual([]);
  });
});

describe('course', () => {
  test('--from makes the pages of saved runs, a page for every lesson', async () => {
    const { code, stdout } = await lab(['course', '--from', out, '-o', out]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `Course   ${path.join(out, 'course/index.html')}\n`,
    });
    const pages = readdirSync(path.join(out, 'course'));
    for (const name of SCENARIO_NAMES) expect(pages).toContain(`${name}.html`);
    const lesson = readFileSync(path.join(out, 'course/hit-rate.html'), 'utf8');
    expect(lesson.includes('Made from the record of run four.')).toBe(true);
    expect(readFileSync(path.join(out, 'index.html'), 'utf8')).toContain('course/index.html');
  });

  test('--check tells in plain words whether the machine is ready', async () => {
    const { code, stdout } = await lab(['course', '--check']);
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
    [['course', '--from', out, '-o', ''], /--out "": it is empty/],
    [['compare', folderOf('four'), folderOf('eight'), '-o', ''], /--out "": it is empty/],
    [['index', '-o', ''], /--out "": it is empty/],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await lab(args);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

test('a damaged record does not keep the others from the list', async () => {
  await writeRecord(folderOf('cut'), four);
  writeFileSync(path.join(folderOf('cut'), 'record.json'), '{"schema":');
  const { code } = await lab(['index', '-o', out]);
  expect(code).toBe(0);
  expect(readFileSync(path.join(out, 'index.html'), 'utf8')).toContain('record.json is not JSON');
});
