import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { missingFaults, outFaults, outFlag } from './out-folder.ts';
import { shown } from './shown-path.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'out-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('--out says what it is for', () => {
  const [flags, about, , inPlace] = outFlag();
  expect([flags, about, inPlace]).toEqual([
    ...['-o, --out <folder>', 'where records and reports go', 'reports/out'],
  ]);
  expect(outFlag('where a page goes')[1]).toBe('where a page goes');
});

test('the folder is made, with those above it, unless it is there', () => {
  const deep = path.join(folder, 'a/b/c');
  expect(outFaults(deep)).toEqual([]);
  expect(statSync(deep).isDirectory()).toBe(true);
  expect(outFaults(deep)).toEqual([]);
});

test('a folder that cannot be is a fault', () => {
  const file = path.join(folder, 'file');
  writeFileSync(file, '');
  const remedy = 'Name a folder that you can write to.';
  for (const inTheWay of [file, path.join(file, 'below')]) {
    expect(outFaults(inTheWay)).toEqual([
      { message: `--out ${inTheWay} cannot be written: a file is in the way.`, remedy },
    ]);
  }
  expect(outFaults('/proc/none')).toMatchObject([
    {
      message: expect.stringMatching(
        /^--out \/proc\/none cannot be written\. The system refused .*\.$/,
      ),
    },
  ]);
});

test('one to read is not made', () => {
  const none = path.join(folder, 'TYPO');
  expect(missingFaults(none)).toMatchObject([
    { message: `--out ${none}: there is no such folder.` },
  ]);
  expect(existsSync(none)).toBe(false);
  expect(missingFaults(folder)).toEqual([]);
});

test('a path is shown from here when it is below, else in full', () => {
  expect(shown(path.resolve('reports/out/report.html'))).toBe('reports/out/report.html');
  expect(shown('/elsewhere/report.html')).toBe('/elsewhere/report.html');
});
