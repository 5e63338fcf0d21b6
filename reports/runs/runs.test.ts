import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileRecord } from '../fixtures/hostile-record.ts';
import { sampleRecord } from '../fixtures/sample-record.ts';
import type { RunRecord } from '../record/schema.ts';
import { writeRecord } from '../record/write.ts';
import { indexPage } from './index-page.ts';
import { listRuns } from './run-list.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'runs-'));
afterAll(() => rmSync(folder, { recursive: true }));

function verdict(agreement: 'agrees' | 'disagrees') {
  return { sentence: 'Not so.', agreement, findings: [] };
}

async function save(change: (record: RunRecord) => void): Promise<RunRecord> {
  const record = sampleRecord();
  change(record);
  await writeRecord(path.join(folder, record.id), record);
  return record;
}

beforeAll(async () => {
  await save((record) => {
    record.id = 'first';
    record.startedAt = '2026-01-02T03:04:05.000Z';
  });
  await save((record) => {
    record.id = 'second';
    record.startedAt = '2026-01-03T03:04:05.000Z';
    record.status = 'failed';
    record.failure = 'Worker 2 died.';
    record.verdict = null;
  });
  mkdirSync(path.join(folder, 'cut'));
  const whole = readFileSync(path.join(folder, 'first/record.json'), 'utf8');
  writeFileSync(path.join(folder, 'cut/record.json'), whole.slice(0, whole.length / 2));
  mkdirSync(path.join(folder, 'newer'));
  writeFileSync(
    path.join(folder, 'newer/record.json'),
    JSON.stringify({ schema: 'cache-lab/record', version: 99 }),
  );
  mkdirSync(path.join(folder, 'holiday photos'));
  cpSync(import.meta.filename, path.join(folder, 'holiday photos/record.jpg'));
  writeFileSync(path.join(folder, 'a file'), '');
});

describe('the runs in a folder', () => {
  it('are listed newest first, with those that failed', () => {
    expect(listRuns(folder).runs.map((run) => [run.folder, run.head.status])).toEqual([
      ['second', 'failed'],
      ['first', 'complete'],
    ]);
  });

  it('are not mistaken for folders that hold none, which are listed with the reason', () => {
    expect(listRuns(folder).strangers).toEqual([
      { folder: 'cut', problem: 'record.json is not JSON.' },
      { folder: 'holiday photos', problem: 'record.json cannot be read: there is no such file.' },
      { folder: 'newer', problem: expect.stringContaining('A newer lab wrote it.') },
    ]);
  });

  it('are listed also beside what is no folder of a run, or cannot be looked into', () => {
    const other = mkdtempSync(path.join(tmpdir(), 'runs-'));
    try {
      // Links that lead in a circle: nobody can look into them, root neither.
      mkdirSync(path.join(other, 'locked'));
      for (const name of ['locked/record.json', 'comparisons', 'course']) {
        symlinkSync(path.join(other, name), path.join(other, name));
      }
      expect(listRuns(other)).toEqual({
        runs: [],
        strangers: [
          {
            folder: 'locked',
            problem: expect.stringMatching(/^record\.json cannot be read: .*ELOOP/),
          },
        ],
        comparisons: [],
        hasCourse: false,
      });
    } finally {
      rmSync(other, { recursive: true });
    }
  });

  it.each([
    ['… not ended', 'It is still running, or something else ended it.', { status: 'running' }],
    ['✗ interrupted', 'Ctrl-C.', { status: 'interrupted', failure: 'Ctrl-C.' }],
    ['✗ failed', 'Worker 2 died.', { status: 'failed', failure: 'Worker 2 died.' }],
    ['· not judged', 'There is no verdict.', {}],
    ['✗ disagrees', 'Not so.', { verdict: verdict('disagrees') }],
    ['✓ agrees', 'Not so.', { verdict: verdict('agrees') }],
  ] as const)('are marked "%s" with their verdict, or why there is none', (mark, said, changes) => {
    const head = sampleRecord({ verdict: null, ...changes });
    const page = indexPage({ ...listRuns(folder), runs: [{ folder: 'a', head, hasReport: true }] });
    const main = page.slice(page.indexOf('<main'), page.indexOf('</main>'));
    expect(/<p class="run-mark"><span[^>]*>(.*?)<\/span>/.exec(main)![1]).toBe(mark);
    expect(main).toContain(`<p>${said}</p>`);
  });

  it('link to a report where there is one', () => {
    writeFileSync(path.join(folder, 'first/report.html'), '');
    const page = indexPage(listRuns(folder));
    expect(page).toContain('href="first/report.html"');
    expect(page).not.toContain('href="second/report.html"');
  });

  it('cannot put markup into the list', () => {
    const head = hostileRecord();
    const page = indexPage({
      runs: [{ folder: '"><img src=x>', head, hasReport: true }],
      strangers: [{ folder: '<b>', problem: '<script>' }],
      comparisons: ['<i>.html'],
      hasCourse: false,
    });
    const body = page.slice(page.indexOf('<main'), page.indexOf('</main>'));
    expect(body).not.toMatch(/<(script|img|b|i)\b/);
  });
});
