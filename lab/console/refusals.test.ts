import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { refusalOf } from './refusals.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'refusals-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What an act that the system refuses throws. */
function refused(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('it was not refused');
}

test.each([
  ['there is no such file or folder', () => readFileSync(path.join(folder, 'none'))],
  ['it is a folder, not a file', () => readFileSync(folder)],
  ['part of the path is a file, not a folder', () => readFileSync('/dev/null/x')],
  ['the path is too long', () => writeFileSync(path.join(folder, 'x'.repeat(300)), '')],
  ['the disk is full', () => writeFileSync('/dev/full', 'x')],
])('a refusal is one sentence that names what and why: %s', (why, act) => {
  const { message, remedy } = refusalOf(refused(act))!;
  expect(message).toMatch(/^The system refused .*: .* \(E[A-Z]+, \w+\)\.$/);
  expect(message).toContain(why);
  expect(remedy).toMatch(/\.$/);
});

test('what SQLite could not do is the temporary folder’s', () => {
  const file = path.join(folder, 'here', 'origin.sqlite');
  expect(refusalOf(refused(() => new DatabaseSync(file)))!.message).toMatch(
    /^The system refused the database in the temporary folder: .*unable to open database file\)\.$/,
  );
});

test('a working folder that is gone is named as such', () => {
  const error = Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'uv_cwd' });
  expect(refusalOf(error)!.message).toBe('The folder this was started in is gone.');
});

test('a defect is no refusal, whatever its code', () => {
  for (const error of [
    new TypeError('x is undefined'),
    Object.assign(new Error('no'), { code: 'ERR_INVALID_ARG_TYPE' }),
    Object.assign(new Error('no'), { code: 'constructor', syscall: 'open' }),
    Object.assign(new Error('syntax'), { code: 'ERR_SQLITE_ERROR', errcode: 1 }),
    'ENOSPC',
    null,
  ]) {
    expect(refusalOf(error)).toBeNull();
  }
});
