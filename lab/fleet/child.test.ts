import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isRunning } from '../../server/running.ts';
import { Child } from './child.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'child-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const start = (script: string) =>
  new Child({
    args: ['--eval', script],
    log: path.join(folder, 'log'),
    whyEnded: () => new Error(`its words: ${readFileSync(path.join(folder, 'log'), 'utf8')}`),
  });

test('a child that does not heed SIGTERM is killed within seconds, with all that it started', async () => {
  const child = start(`
    process.on('SIGTERM', () => {});
    process.on('message', () => {});
    const own = require('node:child_process').spawn('sleep', ['60']);
    own.on('spawn', () => process.send(own.pid));`);
  const grandchild = await child.answer<number>();
  const started = performance.now();
  await child.stop();
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(child.end).toBe('SIGKILL');
  await vi.waitUntil(() => !isRunning(grandchild), { timeout: 2_000, interval: 5 });
});

test('whoever waits for a child that ends is told why', async () => {
  const child = start(`console.error('out of order')`);
  await expect(child.answer()).rejects.toThrow('its words: out of order');
  expect(child.end).toBe('exit');
});

test('a child hears no Ctrl-C: it has a process group of its own', async () => {
  const child = start(`process.on('message', () => {}); process.send(process.pid);`);
  const pid = await child.answer<number>();
  // Signal 0 only looks; a group that is not there is ESRCH.
  expect(() => process.kill(-pid, 0)).not.toThrow();
  await child.stop();
  expect(() => process.kill(-pid, 0)).toThrow('ESRCH');
});
