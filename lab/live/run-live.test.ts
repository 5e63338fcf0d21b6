import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LiveMessage, WorkerState } from '../../reports/live/protocol.ts';
import { readRecord } from '../../reports/record/file.ts';
import { RECORD_FILE } from '../../reports/record/write.ts';
import { isRunning } from '../../server/running.ts';
import { processesOf } from '../fixtures/processes.ts';
import { call, listen } from './fixtures/listening.ts';
import { until } from './fixtures/open-live.ts';

/** `lab live` as a person starts it: a process of its own, with workers of its own. */

let scratch: string;
let child: ChildProcess;
let said: string;
let ended: Promise<number | null>;
let started: ReturnType<typeof start>;
beforeEach(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'v-'));
});
afterEach(async () => {
  child.kill('SIGKILL');
  await ended;
  rmSync(scratch, { recursive: true, force: true });
});

/** Starts it; gives back its page's address and secret. */
async function start(...flags: string[]) {
  said = '';
  const args = ['lab/cli.ts', 'live', '-w', '2', '-k', '30', '--out', path.join(scratch, 'out')];
  child = spawn(process.execPath, [...args, ...flags], {
    cwd: path.join(import.meta.dirname, '../..'),
    env: { ...process.env, TMPDIR: scratch, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk) => {
      said += chunk;
    });
  }
  ended = new Promise((resolve) => child.on('close', resolve));
  await Promise.race([until(() => said.includes('Ctrl-C ends it.'), 30_000), ended]);
  const [, base, secret] = /Live +(http:\S+)\/presenter\?secret=(\w+)/.exec(said)!;
  const page = await listen(`${base}/events?secret=${secret}`);
  const control = (body: unknown) =>
    call(`${base}/control`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${secret}` },
    });
  return { base: base!, secret: secret!, page, control };
}

const workersIn = (messages: readonly LiveMessage[]): readonly WorkerState[] =>
  messages.findLast(({ workers }) => workers)?.workers ?? [];
const pidsIn = (messages: readonly LiveMessage[]) => workersIn(messages).map(({ pid }) => pid);
/** What is left of it: its own folder, and its processes. */
const left = () => readdirSync(scratch).filter((name) => name !== 'out');

test('real workers: killed, restarted, given Redis; what was shown is saved, clean and replayed alike', async () => {
  const { page, control, base, secret } = await start('--rate', '200', '--routing', 'fresh');
  const html = await call(`${base}/presenter?secret=${secret}`);
  expect(String(html.body)).toMatch(/^<!doctype html>/i);
  await until(() => workersIn(page.messages).every(({ lookups }) => lookups > 20), 20_000);
  const before = pidsIn(page.messages);
  await control({ do: 'kill', slot: 1 });
  await until(() => {
    const [first] = workersIn(page.messages);
    return first!.alive && first!.pid !== before[0] && first!.lookups > 0;
  }, 20_000);
  expect(isRunning(before[0]!)).toBe(false);
  await control({ do: 'restart' });
  await until(() => pidsIn(page.messages).every((pid) => !before.includes(pid)), 20_000);
  await control({ do: 'set', setting: { backend: 'redis' } });
  await until(
    () => page.messages.findLast(({ setting }) => setting)!.setting!.backend === 'redis',
    20_000,
  );
  await until(() => workersIn(page.messages).every(({ lookups }) => lookups > 20), 20_000);
  await control({ do: 'save' });
  await until(() => page.messages.some(({ saved }) => saved), 30_000);
  const [folder] = readdirSync(path.join(scratch, 'out')).filter((name) => name.endsWith('-live'));
  const record = readRecord(path.join(scratch, 'out', folder!, RECORD_FILE));
  const phases = record.arms.flatMap((arm) => arm.phases);
  expect(record.arms.map(({ backend }) => backend)).toEqual(['locmem', 'redis']);
  expect(phases.flatMap(({ audit }) => audit.checks.filter(({ holds }) => !holds))).toEqual([]);
  expect(phases[0]!.replay!.identical).toBe(phases[0]!.replay!.responses);
  expect(page.messages.flatMap((one) => (one.is === 'frame' ? (one.said ?? []) : []))).toEqual([]);
  const pids = pidsIn(page.messages);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(pids.filter(isRunning)).toEqual([]);
  expect(left()).toEqual([]);
});

test.each([
  [
    'while its first workers start',
    () => until(() => left().length > 0 && processesOf(child.pid!).length > 0),
  ],
  [
    'while it starts others',
    () => started.then(({ control }) => control({ do: 'set', setting: { workers: 3 } })),
  ],
])('Ctrl-C %s: it ends in order, and nothing is left', async (_when, moment) => {
  started = start();
  started.catch(() => {});
  await moment();
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(processesOf(child.pid!)).toEqual([]);
  expect(left()).toEqual([]);
});

describe('killed outright', () => {
  test('it takes its fleet, its balancer and its service along', async () => {
    const { page } = await start('--rate', '50', '--backends', 'redis', '--audience');
    expect(said).toMatch(/Audience +http:\/\/[\d.]+:\d+\//);
    await until(() => workersIn(page.messages).length === 2, 20_000);
    const pids = pidsIn(page.messages);
    child.kill('SIGKILL');
    await ended;
    await until(() => !pids.some(isRunning) && left().length === 0, 15_000);
  });
});
