import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readRecord, readRunHead, UnreadableRecordError } from './file.ts';
import type { RunRecord } from './schema.ts';
import { RECORD_SCHEMA, RECORD_VERSION } from './vocabulary.ts';
import { RECORD_FILE, writeRecord, writeWhole } from './write.ts';

const record: RunRecord = {
  ...{ schema: RECORD_SCHEMA, version: RECORD_VERSION, id: '2026-01-02T03-04-05-hit-rate' },
  ...{ status: 'running', failure: null, startedAt: '2026-01-02T03:04:05.000Z' },
  scenario: { name: 'hit-rate', question: 'What?', claims: ['C4'], lesson: '' },
  ...{ durationMillis: 1, command: 'npm run lab', seed: 1, options: { workers: [1, 4] } },
  environment: {
    ...{ node: 'v26.10.0', platform: 'linux', arch: 'x64', cpu: 'a processor', cores: 2 },
    ...{ memoryBytes: 1, versions: {} },
  },
  ...{ arms: [], verdict: null, exhibits: [], warnings: [] },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'record-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Saves what may be no record, and gives back what is said of it. */
function refusal(content: unknown, read: (file: string) => unknown = readRecord): string {
  const file = path.join(folder, 'some.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return messageOf(() => read(file)).replaceAll(file, 'FILE');
}

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableRecordError);
    expect((error as Error).name).toBe('UnreadableRecordError');
    return (error as Error).message;
  }
  throw new Error('it was read');
}

test('a file that cannot be written is named, also where the system does not', async () => {
  await mkdir(path.join(folder, 'there'));
  const file = path.join(folder, 'there');
  await expect(writeWhole(file, 'x')).rejects.toMatchObject({ path: file, syscall: 'rename' });
  expect(readdirSync(folder)).toEqual(['there']);
});

describe('a record', () => {
  test('is read as it was written, in a folder that is made for it', async () => {
    const file = await writeRecord(path.join(folder, 'out', record.id), record);
    expect(file).toBe(path.join(folder, 'out', record.id, RECORD_FILE));
    expect(path.basename(file)).toBe('record.json');
    expect(readRecord(file)).toEqual(record);
    expect(readFileSync(file, 'utf8')).toMatch(/\}\n$/);
    expect(readdirSync(path.dirname(file))).toEqual(['record.json']);
  });

  test('is listed by its head, whatever is wrong with its arms', () => {
    const file = path.join(folder, 'record.json');
    writeFileSync(file, JSON.stringify({ ...record, arms: 'lost' }));
    expect(readRunHead(file)).toMatchObject({ id: record.id, verdict: null });
    expect(messageOf(() => readRecord(file))).toBe(
      `${file} is damaged: at /arms it must be array.`,
    );
    expect(refusal({ ...record, warnings: 7 }, readRunHead)).toBe(
      'FILE is damaged: at /warnings it must be array.',
    );
  });
});

describe('no record', () => {
  test('is a file that is not there, or is no JSON, or is something else', () => {
    const missing = path.join(folder, 'none.json');
    expect(messageOf(() => readRecord(missing))).toBe(
      `${missing} cannot be read: there is no such file.`,
    );
    for (const other of [folder, '/dev/zero']) {
      expect(messageOf(() => readRecord(other))).toBe(`${other} cannot be read: it is no file.`);
    }
    expect(refusal('{"schema":')).toBe('FILE is not JSON.');
    expect(refusal({ schema: 'other' })).toBe(
      'FILE is JSON, but no record of this lab: its schema is "other", not "cache-lab/record".',
    );
    for (const other of [{}, [], 'null', '7']) {
      expect(refusal(other)).toContain('no record of this lab: its schema is missing, not');
    }
  });

  test('is one of an older version, or of a newer', () => {
    expect(refusal({ ...record, version: 1 })).toBe(
      'FILE is a record of version 1; this lab reads version 2. An older lab wrote it; run its command again.',
    );
    expect(refusal({ ...record, version: 3 })).toBe(
      'FILE is a record of version 3; this lab reads version 2. A newer lab wrote it.',
    );
    expect(refusal({ ...record, version: '9' })).toBe(
      'FILE is a record of version "9"; this lab reads version 2.',
    );
  });

  test('is one that lacks something, and the message says where', () => {
    const { arms: _arms, ...armless } = record;
    expect(refusal(armless)).toBe(
      'FILE is damaged: at its top it must have required properties arms.',
    );
    expect(refusal({ ...record, scenario: { ...record.scenario, claims: [4] } })).toBe(
      'FILE is damaged: at /scenario/claims/0 it must be string.',
    );
  });

  test.each([
    ['a name that is a path', '/scenario/name', { scenario: { ...record.scenario, name: '../x' } }],
    [
      'a name that is an address',
      '/scenario/name',
      { scenario: { ...record.scenario, name: 'a:b' } },
    ],
    ['an id that is a path', '/id', { id: '../../etc/x' }],
    ['an id without end', '/id', { id: 'x'.repeat(122) }],
    ['a time that is none', '/startedAt', { startedAt: 'yesterday' }],
    ['an unknown state', '/status', { status: 'fine' }],
  ])('is one with %s', (_what, at, change) => {
    expect(refusal({ ...record, ...change })).toContain(`FILE is damaged: at ${at} it must`);
  });
});

describe('a text file', () => {
  test('is replaced as a whole, or stays as it was', async () => {
    const file = path.join(folder, 'page.html');
    await writeWhole(file, 'old');
    await writeWhole(file, 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
    // A folder in the way of the draft makes the write fail.
    await mkdir(`${file}.${process.pid}.tmp/inside`, { recursive: true });
    await expect(writeWhole(file, 'newest')).rejects.toThrow();
    expect(readFileSync(file, 'utf8')).toBe('new');
  });

  test('leaves no draft behind when it cannot take its place', async () => {
    const file = path.join(folder, 'taken');
    await mkdir(path.join(file, 'inside'), { recursive: true });
    await expect(writeWhole(file, 'text')).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['taken']);
    expect(existsSync(path.join(file, 'inside'))).toBe(true);
  });
});
