import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ownerOf } from '../../scenarios/theory/rendezvous.ts';
import { isRunning } from '../../server/running.ts';
import { LabError } from '../console/errors.ts';
import type { RunFolder } from '../run/run-folder.ts';
import { sendOne } from '../traffic/single-request.ts';
import { startBalanced } from './balanced.ts';
import { openBalancer } from './balancer-app.ts';
import { type InProcessFleet, inProcess } from './fixtures/in-process.ts';
import { newPlan, type PlanChanges } from './fixtures/plan.ts';
import type { Fleet, FleetPlan, Launcher } from './fleet.ts';

/*
 * Most of it without a process: workers and balancer live in this one. `outside` has the balancer in
 * a process of its own, as the lab has.
 */

const servers: InProcessFleet[] = [];
const inside = {
  ...inProcess,
  async start(plan: FleetPlan, signal: AbortSignal) {
    const server = await inProcess.start(plan, signal);
    servers.push(server);
    return server;
  },
};
const { balance: _, ...outside } = inside;
const never = new AbortController().signal;
let run: RunFolder;
let fleet: Fleet | undefined;
afterEach(async () => {
  await fleet?.stop();
  fleet = undefined;
  servers.length = 0;
  run.remove();
});

/** Two servers with one worker each. */
async function start(
  byKey: boolean,
  launcher: Launcher = inside,
  changes: PlanChanges = {},
): Promise<Fleet> {
  const made = newPlan({ workers: 2, ...changes });
  ({ run } = made);
  fleet = await startBalanced(launcher, made.plan, { servers: 2, byKey }, never);
  return fleet;
}

const get = (port: number, path: string) => sendOne({ to: { port }, method: 'GET', path }, never);

/** Who answered for that path, and with which status. */
async function ask(path: string): Promise<{ slot: number; status: number }> {
  const { headers, status } = await get(fleet!.port, path);
  return { slot: Number(headers['x-worker']), status };
}

/** The process of this run's balancer, which has the run's folder among its arguments. */
function balancerPid(): number {
  const processes = execFileSync('ps', ['-axo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  const line = processes.find((one) => one.includes('balancer.ts') && one.includes(run.path));
  return Number(line?.trim().split(' ', 1)[0]);
}

const paths = Array.from({ length: 12 }, (_, i) => `/users/${i + 1}`);

test('servers take turns request by request, and can be left out', async () => {
  await start(false);
  const slots = async () => {
    const answers = [];
    for (const one of paths.slice(0, 6)) answers.push((await ask(one)).slot);
    return answers;
  };
  expect(await slots()).toEqual([1, 2, 1, 2, 1, 2]);
  await fleet!.useServers!([2]);
  expect(await slots()).toEqual([2, 2, 2, 2, 2, 2]);
  await fleet!.useServers!([1, 2]);
  expect(new Set(await slots())).toEqual(new Set([1, 2]));
  const snapshots = await fleet!.snapshots();
  expect(snapshots.map(({ slot, requests }) => [slot, requests])).toEqual([
    [1, 6],
    [2, 12],
  ]);
});

test('by key, each key has its worker; of a lost one no request is lost, and others take its keys', async () => {
  await start(true);
  for (const one of [...paths, ...paths]) {
    expect(await ask(one)).toEqual({ slot: ownerOf(one, [1, 2]), status: 200 });
  }
  const killed = fleet!.kill(1);
  for (const one of paths) {
    const { slot, status } = await ask(one);
    expect(status).toBe(200);
    // Its successor may be there already.
    if (ownerOf(one, [1, 2]) === 2) expect(slot).toBe(2);
  }
  await killed;
  await fleet!.useServers!([1, 2]);
  for (const one of paths) {
    expect(await ask(one)).toEqual({ slot: ownerOf(one, [1, 2]), status: 200 });
  }
  expect(fleet!.failure.aborted).toBe(false);
});

test('a successor gets its keys back without anybody saying so', async () => {
  await start(true);
  const ofFirst = paths.find((one) => ownerOf(one, [1, 2]) === 1)!;
  const [before] = await fleet!.workers();
  await fleet!.reload();
  const [after] = await fleet!.workers();
  expect(after!.pid).not.toBe(before!.pid);
  const end = performance.now() + 2_000;
  while ((await ask(ofFirst)).slot !== 1) expect(performance.now()).toBeLessThan(end);
});

test('by key, a worker that is there again gets its keys back, also when nothing goes wrong', async () => {
  const made = newPlan({ workers: 2 });
  ({ run } = made);
  fleet = await inside.start(made.plan, never);
  const [first, second] = await fleet.workers();
  const ofFirst = paths.find((one) => ownerOf(one, [1, 2]) === 1)!;
  let present = [second!];
  const settings = { port: 0, byKey: true, servers: [{ port: fleet.port, runFolder: run.path }] };
  const balancer = await openBalancer(settings, () => present);
  const slot = async () => Number((await get(balancer.port, ofFirst)).headers['x-worker']);
  try {
    expect(await slot()).toBe(2);
    present = [first!, second!];
    await vi.waitFor(async () => expect(await slot()).toBe(1), { timeout: 5_000 });
  } finally {
    await balancer.stop();
  }
});

test.each([true, false])('a write that breaks off is not made again; by key: %s', async (byKey) => {
  await start(byKey, inside, { originDelayMillis: 5_000 });
  await fleet!.useServers!([1]);
  const to = { port: fleet!.port };
  const headers = { 'content-type': 'application/json' };
  const write = { to, method: 'PUT', path: '/users/1', headers, body: '{"name":"Ada"}' };
  const written = sendOne(write, never);
  const asked = async () => (await fleet!.snapshots())[0]!.requests;
  await vi.waitUntil(async () => (await asked()) === 1, { timeout: 5_000, interval: 2 });
  await fleet!.kill(1);
  expect((await written).status).toBeGreaterThanOrEqual(500);
  expect(await asked()).toBe(0);
});

test('the servers are one fleet: all are reloaded, and a worker that dies fails them all', async () => {
  await start(false);
  await expect(fleet!.kill(3)).rejects.toThrow('there is no worker 3');
  const before = await fleet!.workers();
  await fleet!.reload();
  const after = await fleet!.workers();
  expect(after.map(({ slot }) => slot)).toEqual([1, 2]);
  for (const [index, { pid }] of after.entries()) expect(pid).not.toBe(before[index]!.pid);
  await fleet!.kill(2);
  const [first, second] = await fleet!.workers();
  expect([first!.pid, second!.slot]).toEqual([after[0]!.pid, 2]);
  expect(second!.pid).not.toBe(after[1]!.pid);
  expect(fleet!.failure.aborted).toBe(false);
  await servers[1]!.crash(2);
  expect(fleet!.failure.reason.message).toContain(`Worker 2 (pid ${second!.pid}) died`);
});

test('a request that nobody takes is not tried for ever', async () => {
  await start(false);
  for (const [index, server] of servers.entries()) await server.crash(index + 1);
  expect((await ask('/users/1')).status).toBeGreaterThanOrEqual(500);
});

test('workers that cannot be divided evenly are refused', async () => {
  const made = newPlan({ workers: 3 });
  ({ run } = made);
  const started = startBalanced(inProcess, made.plan, { servers: 2, byKey: false }, never);
  await expect(started).rejects.toThrow('3 workers cannot be divided among 2 servers');
});

describe('with the balancer in a process of its own', () => {
  test('servers take turns, and a balancer that dies fails the run and whoever waits for it', async () => {
    await start(false, outside);
    await fleet!.useServers!([2]);
    expect((await ask('/users/1')).slot).toBe(2);
    await fleet!.useServers!([1]);
    expect((await ask('/users/1')).slot).toBe(1);
    const pid = balancerPid();
    process.kill(pid, 'SIGSTOP');
    const waiting = fleet!.useServers!([1]);
    process.kill(pid, 'SIGKILL');
    await expect(waiting).rejects.toThrow('The balancer died during the run');
    expect(fleet!.failure.reason).toBeInstanceOf(LabError);
    expect(fleet!.failure.reason.message).toContain('The balancer died during the run');
  });

  test('what the run is interrupted by is not waited out, and its end leaves nobody at the port', async () => {
    const made = newPlan({ workers: 2 });
    ({ run } = made);
    const controller = new AbortController();
    const balancing = { servers: 2, byKey: false };
    fleet = await startBalanced(outside, made.plan, balancing, controller.signal);
    const pid = balancerPid();
    process.kill(pid, 'SIGSTOP');
    const waiting = fleet.useServers!([1]);
    controller.abort(new Error('Ctrl-C'));
    await expect(waiting).rejects.toThrow('Ctrl-C');
    process.kill(pid, 'SIGCONT');
    await fleet.stop();
    expect(isRunning(pid)).toBe(false);
    await expect(ask('/users/1')).rejects.toThrow('ECONNREFUSED');
    expect(fleet.failure.aborted).toBe(false);
  });

  test('a port that is taken is told, and nothing is left', async () => {
    await start(false);
    const { port } = fleet!;
    const second = newPlan({ workers: 2, port });
    const started = startBalanced(outside, second.plan, { servers: 2, byKey: false }, never);
    await expect(started).rejects.toThrow(/The balancer could not start[\s\S]*EADDRINUSE/);
    const [, , ...left] = servers;
    expect(left).toHaveLength(2);
    for (const one of left) await expect(get(one.port, '/users/1')).rejects.toThrow('ECONNREFUSED');
    second.run.remove();
  });
});
