import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Routing } from '../../reports/record/vocabulary.ts';
import { pageOf } from '../../scenarios/kit/protocol.ts';
import { auditPhase } from '../evidence/audit.ts';
import { inProcess } from '../fleet/fixtures/in-process.ts';
import { newPlan } from '../fleet/fixtures/plan.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { asPlan } from '../run/live-phase.ts';
import type { RunFolder } from '../run/run-folder.ts';
import { Ledger } from '../traffic/ledger.ts';
import { Stream } from './stream.ts';

/** A steered stream against workers in this process: what comes back is all that was sent, once. */

const WORKERS = 2;
let run: RunFolder;
let fleet: Fleet;
let stream: Stream;
let ledger: Ledger;
let sent: number;
const lost: Error[] = [];

beforeEach(async () => {
  const made = newPlan({ workers: WORKERS });
  run = made.run;
  fleet = await inProcess.start(made.plan, new AbortController().signal);
  ledger = new Ledger();
  sent = 0;
  lost.length = 0;
  stream = new Stream({
    next: () => request(sent % 20),
    onResponse: (response) => ledger.append({ ...response, arrivedMillis: performance.now() }),
    onLost: (error) => lost.push(error),
  });
});
afterEach(async () => {
  await stream.close();
  await fleet.stop();
  run.remove();
});

const request = (key: number) => ({
  request: sent++,
  plan: asPlan(pageOf(key)),
});
const aim = (routing: Routing = 'keep-alive', clients = 4) =>
  stream.aim({ port: fleet.port, routing, clients });
const until = (holds: () => boolean) => vi.waitUntil(holds, { timeout: 10_000, interval: 2 });
const wait = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));

async function audit() {
  stream.pause();
  await stream.settled();
  return auditPhase({ ledger, before: [], after: await fleet.snapshots(), sent });
}

test('what is sent comes back once, whatever is changed on the way', async () => {
  aim();
  stream.play();
  const rates = [500, 20, null, 1_000, null];
  for (const rate of rates) {
    const before = ledger.length;
    stream.setRate(rate);
    await until(() => ledger.length > before + 4);
    stream.pause();
    stream.play();
  }
  aim('fresh', 3);
  const before = ledger.length;
  await until(() => ledger.length > before + 20);
  const { clean, checks } = await audit();
  expect(checks.filter(({ holds }) => !holds)).toEqual([]);
  expect({ clean, lost, rows: ledger.length }).toEqual({ clean: true, lost: [], rows: sent });
});

test('after a pause nothing is sent, and what was on its way has come within 200 ms', async () => {
  aim();
  stream.setRate(null);
  stream.play();
  await until(() => ledger.length > 100);
  const paused = performance.now();
  stream.pause();
  const sentSoFar = sent;
  await stream.settled();
  expect(performance.now() - paused).toBeLessThan(200);
  await wait(50);
  expect([sent, ledger.length]).toEqual([sentSoFar, sentSoFar]);
});

test('a rate is kept, and another one holds at once', async () => {
  aim('keep-alive', 16);
  stream.setRate(1);
  stream.play();
  await until(() => ledger.length === 1);
  const changed = performance.now();
  stream.setRate(100);
  await until(() => ledger.length > 2);
  expect(performance.now() - changed).toBeLessThan(200);
  const [before, since] = [sent, performance.now()];
  await wait(500);
  const due = (performance.now() - since) / 10;
  // A busy machine may be late by what is never made up for.
  expect(sent - before).toBeGreaterThan(0.5 * due);
  expect(sent - before).toBeLessThan(due + 12);
});

test('clients that keep their connection keep their worker; fresh ones do not', async () => {
  const workersOf = new Map<number, Set<number>>();
  stream = new Stream({
    next: () => request(1),
    onResponse: (response) => {
      const { client, slot } = response;
      if (!workersOf.has(client)) workersOf.set(client, new Set());
      workersOf.get(client)!.add(slot);
      ledger.append({ ...response, arrivedMillis: 0 });
    },
    onLost: (error) => lost.push(error),
  });
  aim('keep-alive', 3);
  stream.play();
  await until(() => ledger.length > 60);
  expect([...workersOf.values()].map(({ size }) => size)).toEqual([1, 1, 1]);
  aim('fresh', 3);
  workersOf.clear();
  const before = ledger.length;
  await until(() => ledger.length > before + 60);
  expect([...workersOf.values()].map(({ size }) => size)).toEqual([2, 2, 2]);
});

test('by hand, a guest keeps a connection, and one worker can be asked alone', async () => {
  aim();
  const slots = [];
  for (let i = 0; i < 4; i++) slots.push((await stream.ask(7, request(3)))?.slot);
  expect(new Set(slots).size).toBe(1);
  const [first, second] = await fleet.workers();
  expect(await stream.askWorker(second!.privateSocket, request(3))).toMatchObject({ slot: 2 });
  expect(await stream.askWorker(first!.privateSocket, request(3))).toMatchObject({
    slot: 1,
    guest: 0,
    version: 1,
  });
  expect(ledger.length).toBe(6);
});

test('a request that breaks is told and counted as lost, and the stream goes on', async () => {
  aim();
  stream.setRate(500);
  stream.play();
  await until(() => ledger.length > 10);
  await fleet.kill(1);
  const before = ledger.length;
  await until(() => ledger.length > before + 50);
  stream.pause();
  await stream.settled();
  expect(sent - ledger.length).toBe(lost.length);
  expect(stream.lost).toBe(lost.length);
});
