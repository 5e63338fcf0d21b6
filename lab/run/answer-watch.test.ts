import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { newPlan } from '../fleet/fixtures/plan.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { loadLauncher } from '../fleet/index.ts';
import { watchAnswers } from './answer-watch.ts';
import type { RunFolder } from './run-folder.ts';

let run: RunFolder;
let fleet: Fleet;
afterEach(async () => {
  await fleet.stop();
  run.remove();
});

test('a worker that is stopped is named; one that is replaced is not', async () => {
  const made = newPlan({ workers: 2 });
  ({ run } = made);
  fleet = await (await loadLauncher('cluster')).start(made.plan, new AbortController().signal);
  const { silent, stop } = watchAnswers(fleet, { limitMillis: 2_000, everyMillis: 5 });
  await fleet.kill(1);
  await delay(50);
  expect(silent.aborted).toBe(false);
  const [, second] = await fleet.workers();
  process.kill(second!.pid, 'SIGSTOP');
  await once(silent, 'abort');
  expect(silent.reason.message).toBe(`Worker 2 (pid ${second!.pid}) does not answer: not in 1 s.`);
  stop();
});
