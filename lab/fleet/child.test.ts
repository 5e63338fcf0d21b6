import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
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

test('a child that does not heed SIGTERM is killed within seconds', async () => {
  const child = start(`
    process.on('SIGTERM', () => {});
    process.on('message', () => {});
    process.send('here');`);
  expect(await child.answer()).toBe('here');
  const started = performance.now();
  await child.stop();
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(child.end).toBe('SIGKILL');
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
