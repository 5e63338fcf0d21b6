import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sendOne } from '../traffic/single-request.ts';
import { openBalancer } from './balancer-app.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'balancer-'));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

test('its process ends when the lab that began it is gone', async () => {
  const settings = { port: 0, byKey: false, servers: [{ port: 1, runFolder: folder }] };
  const script = path.join(import.meta.dirname, 'balancer.ts');
  const balancer = spawn(process.execPath, [script, JSON.stringify(settings)], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  try {
    await once(balancer, 'message');
    const ended = once(balancer, 'exit');
    balancer.disconnect();
    expect(await ended).toEqual([0, null]);
  } finally {
    balancer.kill('SIGKILL');
  }
});

test('by key, a request finds the successor of its worker, which went a moment ago', async () => {
  // It looks for workers when it opens; then not before the request fails.
  vi.useFakeTimers({ toFake: ['setInterval'] });
  const successor = createServer((_request, response) => response.end('of the successor'));
  await new Promise<void>((resolve) => successor.listen(path.join(folder, 'new.sock'), resolve));
  const workerAt = (name: string) => [
    { slot: 1, pid: 1, controlSocket: '', privateSocket: path.join(folder, name) },
  ];
  const workersIn = vi.fn().mockReturnValueOnce(workerAt('old.sock'));
  workersIn.mockReturnValue(workerAt('new.sock'));
  const settings = { port: 0, byKey: true, servers: [{ port: 1, runFolder: folder }] };
  const balancer = await openBalancer(settings, workersIn);
  try {
    const plan = { to: { port: balancer.port }, method: 'GET', path: '/users/1' };
    const { status, body } = await sendOne(plan, new AbortController().signal);
    expect([status, body]).toEqual([200, 'of the successor']);
  } finally {
    await balancer.stop();
    successor.close();
  }
});
