import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { controlSocketPath } from '../../server/protocol.ts';
import type { RunFolder } from '../run/run-folder.ts';
import { newPlan, type PlanChanges } from './fixtures/plan.ts';
import type { Fleet } from './fleet.ts';
import { liveFleet } from './live-fleet.ts';

/*
 * What a live fleet makes of deaths that real workers cannot be made to die at the right moment:
 * these are processes that only sleep, and whose control sockets are served here.
 */

interface Sleeper {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly control: Server;
}

const never = new AbortController().signal;
const sleepers: Sleeper[] = [];
let run: RunFolder;
let fleet: Fleet;

beforeEach(() => {
  sleepers.length = 0;
});
afterEach(async () => {
  for (const { process, control } of sleepers) {
    process.kill('SIGKILL');
    control.close();
  }
  await fleet.stop();
  run.remove();
});

/** A process in that slot, which says what every snapshot says. */
async function sleep(slot: number): Promise<Sleeper> {
  const process = spawn('sleep', ['600'], { stdio: 'ignore' });
  const pid = process.pid!;
  const control = createServer((_request, response) => response.end('{"port":1}'));
  const sleeper = { process, pid, control };
  sleepers.push(sleeper);
  await new Promise<void>((resolve) => {
    control.listen(controlSocketPath(run.path, slot, pid), resolve);
  });
  return sleeper;
}

/** A fleet of sleepers, one in each of these slots. */
async function start(slots: readonly number[], changes: PlanChanges = {}): Promise<Sleeper[]> {
  const made = newPlan({ workers: slots.length, ...changes });
  ({ run } = made);
  const asleep = await Promise.all(slots.map(sleep));
  const launched = { reload: async () => {}, stop: async () => {} };
  fleet = await liveFleet(made.plan, launched, never, performance.now());
  return asleep;
}

const failed = () => vi.waitUntil(() => fleet.failure.aborted, { timeout: 5_000, interval: 5 });

test('a worker that dies while another is being replaced fails the run, though it has a successor', async () => {
  const [, second] = await start([1, 2]);
  const killed = fleet.kill(1);
  second!.process.kill('SIGKILL');
  await Promise.all([sleep(1), sleep(2)]);
  await killed;
  await failed();
  expect(fleet.failure.reason.message).toContain(`Worker 2 (pid ${second!.pid}) died`);
});

test('the last words of a server that is not the first are those of its own worker', async () => {
  const [, fourth] = await start([3, 4], { slotsBefore: 2 });
  writeFileSync(path.join(run.path, 'pm2-worker-0.log'), 'the third\n');
  writeFileSync(path.join(run.path, 'pm2-worker-1.log'), 'the fourth\n');
  fourth!.process.kill('SIGKILL');
  await failed();
  expect(fleet.failure.reason.message).toContain('Its last words:\nthe fourth');
});
