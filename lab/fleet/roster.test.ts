import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LabError } from '../console/errors.ts';
import { startLimitMillis } from './live-fleet.ts';
import { awaitRoster, bootFailure, lastWords, readRoster } from './roster.ts';

/** More than any system gives: nobody runs under this number. */
const NOBODY = 99_999_999;
const never = new AbortController().signal;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'roster-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text = '') => writeFileSync(path.join(folder, name), text);

describe('who is there', () => {
  test('is read from the control sockets, by slot; what the dead left is swept up', () => {
    const { pid } = process;
    for (const slot of [10, 2]) write(`control-${slot}-${pid}.sock`);
    for (const name of ['control', 'app']) write(`${name}-1-${NOBODY}.sock`);
    write('worker-1.log');
    expect(readRoster(folder)).toEqual(
      [2, 10].map((slot) => ({
        slot,
        pid,
        controlSocket: path.join(folder, `control-${slot}-${pid}.sock`),
        privateSocket: path.join(folder, `app-${slot}-${pid}.sock`),
      })),
    );
    expect(readdirSync(folder).filter((name) => name.includes(`${NOBODY}`))).toEqual([]);
  });

  test('is waited for so long, and then told', async () => {
    write(`control-2-${process.pid}.sock`);
    const expected = { workers: 2, limitMillis: 30 };
    await expect(awaitRoster(folder, expected, never)).rejects.toThrow(
      'Only some of 2 workers answered within 0.03 s (slots: 2). It left no last words.',
    );
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(awaitRoster(folder, expected, aborted)).rejects.toThrow('enough');
  });

  test('is as many as were asked for, and no more', async () => {
    const servers = await Promise.all(
      [1, 2, 3].map(async (slot) => {
        const server = createServer((_request, response) => response.end('{}'));
        const socket = path.join(folder, `control-${slot}-${process.pid}.sock`);
        await new Promise<void>((resolve) => server.listen(socket, resolve));
        return server;
      }),
    );
    const expected = { workers: 3, limitMillis: 10_000 };
    expect(await awaitRoster(folder, expected, never)).toHaveLength(3);
    const fewer = awaitRoster(folder, { workers: 2, limitMillis: 30 }, never);
    await expect(fewer).rejects.toThrow('(slots: 1, 2, 3)');
    for (const server of servers) server.close();
  });

  test('may take longer for more workers', () => {
    expect(startLimitMillis(1)).toBeGreaterThan(30_000);
    expect(startLimitMillis(64)).toBeGreaterThan(2.5 * startLimitMillis(4));
  });
});

test('a worker that could not start is told with its slot and reason, once that is written', () => {
  expect(bootFailure(folder)).toBeNull();
  write('failed-3-4711.txt');
  expect(bootFailure(folder)).toBeNull();
  write('failed-3-4711.txt', 'Error: the port is taken');
  expect(bootFailure(folder)).toBeInstanceOf(LabError);
  expect(bootFailure(folder)!.message).toBe('Worker 3 could not start: Error: the port is taken');
});

describe('last words', () => {
  test.each(['worker-1.log', 'pm2-worker-0.log'])('are those of the slot: %s', (ofFirst) => {
    const ofSecond = ofFirst.replace(/\d(?=.log)/, (digit) => String(Number(digit) + 1));
    write(ofFirst, 'the first\n');
    write(ofSecond, 'the second\n');
    expect(lastWords(folder, 1)).toBe('Its last words:\nthe first');
    expect(lastWords(folder, 2)).toBe('Its last words:\nthe second');
    expect(lastWords(folder)).toMatch(/the first\nthe second/);
    expect(lastWords(folder, 3)).toBe('It left no last words.');
  });

  test('under pm2 are counted from the slots of the servers before', () => {
    write('pm2-worker-0.log', 'of this server\n');
    expect(lastWords(folder, 3, 2)).toContain('of this server');
  });

  test('are the last twelve lines, and how pm2 says that it ended', () => {
    write('pm2-worker-1.log', Array.from({ length: 50 }, (_, i) => `line ${i}\n`).join(''));
    mkdirSync(path.join(folder, 'pm2'));
    write(
      'pm2/pm2.log',
      'App [cache-lab:1] exited with code [0] via signal [SIGINT]\n' +
        'App [cache-lab:0] exited with code [0] via signal [SIGABRT]\n' +
        'App [cache-lab:1] exited with code [0] via signal [SIGKILL]\n',
    );
    const lines = lastWords(folder, 2).split('\n');
    expect(lines.slice(1, 13)).toEqual(Array.from({ length: 12 }, (_, i) => `line ${38 + i}`));
    expect(lines.slice(13)).toEqual([
      'App [cache-lab:1] exited with code [0] via signal [SIGKILL]',
    ]);
  });
});
