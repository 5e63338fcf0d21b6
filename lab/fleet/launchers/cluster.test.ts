import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownerOf } from '../../../scenarios/theory/rendezvous.ts';
import { sendOne } from '../../traffic/single-request.ts';
import { openBalancer } from '../balancer-app.ts';
import { newPlan } from '../fixtures/plan.ts';
import type { Fleet } from '../fleet.ts';
import { readRoster } from '../roster.ts';
import { launcher } from './cluster.ts';

/** What only node:cluster has; the rest is in the contract of launchers. */

const never = new AbortController().signal;
const { run, plan } = newPlan({ workers: 2, scheduling: 'none' });
let fleet: Fleet;
beforeAll(async () => {
  fleet = await launcher.start(plan, never);
});
afterAll(async () => {
  await fleet?.stop();
  run.remove();
});

test('without its scheduling, the kernel hands out connections, and not in turn', async () => {
  const slots: (string | undefined)[] = [];
  const isTwiceInARow = () => slots.length > 1 && slots.at(-1) === slots.at(-2);
  // On a busy machine the kernel can alternate for a while; node:cluster always does.
  for (let i = 0; i < 400 && !isTwiceInARow(); i++) {
    const { headers } = await sendOne(
      { to: { port: fleet.port }, method: 'GET', path: '/users/1' },
      never,
    );
    slots.push(headers['x-worker']);
  }
  expect(isTwiceInARow()).toBe(true);
});

test('a balancer finds the sockets of its workers in their folder', async () => {
  const servers = [{ port: fleet.port, runFolder: run.path }];
  const balancer = await openBalancer({ port: 0, byKey: true, servers }, readRoster);
  for (const path of Array.from({ length: 12 }, (_, i) => `/users/${i + 1}`)) {
    const { headers } = await sendOne({ to: balancer, method: 'GET', path }, never);
    expect(headers['x-worker']).toBe(String(ownerOf(path, [1, 2])));
  }
  await balancer.stop();
});

test('a worker that dies while its successor starts does not hold up a reload', async () => {
  const before = await fleet.workers();
  const reloaded = fleet.reload();
  process.kill(before[0]!.pid, 'SIGKILL');
  await reloaded;
  const after = await fleet.workers();
  expect(after.map(({ slot }) => slot)).toEqual([1, 2]);
  const old = before.map(({ pid }) => pid);
  expect(after.filter(({ pid }) => old.includes(pid))).toEqual([]);
  expect(fleet.failure.aborted).toBe(false);
});
