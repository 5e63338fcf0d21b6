import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Arm } from '../../reports/record/schema.ts';
import { planArm } from '../../scenarios/kit/arms.ts';
import type { ArmPlan, Lab, PhaseLab, Scenario } from '../../scenarios/kit/contract.ts';
import { generateDatabase } from '../../server/origin/database.ts';
import { DEFAULTS } from '../console/options.ts';
import { createProgress } from '../console/progress.ts';
import { collectedOutput, inThisProcess } from '../fixtures/lab.ts';
import { type InProcessFleet, inProcess } from '../fleet/fixtures/in-process.ts';
import type { PrivateService } from '../services/services.ts';
import { measureArm } from './arm.ts';
import { createRunFolder, type RunFolder } from './run-folder.ts';

/** What the record of an arm says of what a scenario did with it; workers in this process. */

let run: RunFolder;
afterEach(() => run.remove());

/** Measures an arm of two workers as `measure` says. */
function armOf(
  measure: (lab: Lab) => Promise<object>,
  change: Partial<ArmPlan> = {},
  { launcherOf } = inThisProcess,
) {
  run = createRunFolder();
  const plan = planArm({ ...DEFAULTS, keys: 20 }, { workers: 2, ...change });
  const database = path.join(run.path, 'origin.sqlite');
  generateDatabase(database, { users: plan.keys, seed: 1, orders: 100 });
  return measureArm({ name: 'made for a test', measure } as Scenario, plan, {
    launcherOf,
    port: 0,
    progress: createProgress(collectedOutput().output, { quiet: true }),
    signal: new AbortController().signal,
    runFolder: run.path,
    database,
  });
}

/** The record of its only phase. */
async function phaseOf(...given: Parameters<typeof armOf>): Promise<Arm['phases'][number]> {
  const { phases } = await armOf(...given);
  return phases[0]!;
}

test('a service that dies is the end of its arm, and is named', async () => {
  let pid = 0;
  const arm = armOf(
    async (lab) => {
      ({ pid } = lab.service!.own as PrivateService);
      process.kill(pid, 'SIGKILL');
      await lab.phase('traffic', (phase) => phase.traffic({ requests: 100_000 }));
      return {};
    },
    { backend: 'memcached' },
  );
  const { message } = await arm.catch((error) => error);
  expect(message).toContain(`memcached (pid ${pid}) died during the run.`);
});

test('the kept rate is that of the traffic which kept least, also when others follow', async () => {
  const { keptRate } = await phaseOf(
    async (lab) => {
      await lab.phase('two rates', async (phase) => {
        // Each of these takes a quarter of a second, and the one connection has to wait for it.
        await phase.traffic({
          requests: 8,
          connections: 1,
          routing: 'fresh',
          ratePerSecond: 1_000,
        });
        await phase.traffic({
          requests: 1,
          connections: 1,
          routing: 'fresh',
          ratePerSecond: 1_000,
        });
      });
      return {};
    },
    { popularity: 'cyclic', originDelayMillis: 250 },
  );
  expect(keptRate).toBeGreaterThan(0);
  expect(keptRate).toBeLessThan(0.75);
});

test('an event stands where it began: after so many responses, of which later traffic counts on', async () => {
  const { events, audit } = await phaseOf(async (lab) => {
    await lab.phase('events', async (phase) => {
      const act = async () => {};
      await phase.traffic({ requests: 10, events: [{ afterResponses: 4, label: 'first', act }] });
      await phase.traffic({
        requests: 10,
        events: [{ afterResponses: 3, label: 'second', slot: 2, act }],
      });
      phase.event('third');
    });
    return {};
  });
  expect(events.map(({ label, atRequest, slot }) => [label, atRequest, slot])).toEqual([
    ['first', 4, null],
    ['second', 13, 2],
    ['third', 20, null],
  ]);
  expect(audit.checks.filter(({ holds }) => !holds)).toEqual([]);
});

test('a request that a killed worker was at is lost, and no fault of the audit', async () => {
  const { audit, totals } = await phaseOf(
    async (lab) => {
      await lab.phase('a kill', async (phase) => {
        const lost = phase.ask(1, { path: '/users/1', key: 0 }).then(
          () => 'answered',
          () => 'lost',
        );
        await phase.kill(1);
        expect(await lost).toBe('lost');
        await phase.ask(2, { path: '/users/1', key: 0 });
      });
      return {};
    },
    { originDelayMillis: 300 },
  );
  expect(totals.requests).toBe(1);
  expect(audit.checks.filter(({ holds }) => !holds)).toEqual([]);
});

test('what fails because a worker died is told as its death, though that is noticed later', async () => {
  let fleet: InProcessFleet;
  const launcherOf = async () => ({
    ...inProcess,
    start: async (...given: Parameters<typeof inProcess.start>) => {
      fleet = await inProcess.start(...given);
      return fleet;
    },
  });
  const measured = armOf(
    async () => {
      setTimeout(() => void fleet.crash(2), 20);
      throw new Error('the connection broke');
    },
    {},
    { ...inThisProcess, launcherOf },
  );
  await expect(measured).rejects.toThrow(/^Worker 2 \(pid \d+\) died during the run/);
});

test.each<[string, boolean, (phase: PhaseLab) => Promise<unknown>]>([
  ['asks workers one by one', true, (phase) => phase.ask(1, { path: '/users/1', key: 0 })],
  [
    'chooses each request',
    true,
    (phase) => phase.traffic({ requests: 2, request: () => ({ path: '/users/1', key: 0 }) }),
  ],
  [
    'draws from the workload and asks one worker',
    false,
    async (phase) => {
      await phase.traffic({ requests: 2 });
      await phase.ask(1, { path: '/users/1', key: 0 });
    },
  ],
])('a phase that %s is a protocol: %o', async (_, protocol, act) => {
  const phase = await phaseOf(async (lab) => {
    await lab.phase('it', act);
    return {};
  });
  expect(phase.protocol).toBe(protocol);
});
