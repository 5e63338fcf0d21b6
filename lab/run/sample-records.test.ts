import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Arm, FleetEvent, RunRecord } from '../../reports/record/schema.ts';
import { RECORD_SCHEMA, RECORD_VERSION } from '../../reports/record/vocabulary.ts';
import { hitRate } from '../../scenarios/hit-rate/scenario.ts';
import type { ArmPlan, ScenarioOptions } from '../../scenarios/kit/contract.ts';
import { judge } from '../../scenarios/kit/judge.ts';
import { DEFAULTS } from '../console/options.ts';
import { RecordedFleet } from '../evidence/fixtures/recorded-fleet.ts';
import { createWorkload } from '../traffic/workload.ts';
import { armRecord } from './arm.ts';
import type { LivePhase, PhaseSighting } from './live-phase.ts';
import { phaseRecords } from './phase-record.ts';
import { recordedOptions } from './run.ts';
import { warningsOf } from './warnings.ts';

/**
 * Reports are tested with records that lie beside them, so that their tests need no fleet. Each is
 * what the lab makes of a simulated one. After a wanted change of the record, or of what the lab
 * puts into it, write them anew: `npx vitest run lab/run/sample-records.test.ts -u`.
 */
describe('the records that reports are tested with are as the lab writes them:', () => {
  test('fleets of 1 to 64 workers under the same traffic', async () => {
    await expectSaved('fleets', { workers: [1, 2, 4, 8, 64], requests: 240, keys: 40 }, (plan) => {
      const fleet = fleetOf(plan);
      return [sighting('traffic', fleet.phase(plan.requests))];
    });
  });

  test('evictions, expiry, a worker replaced and one never asked, in two phases', async () => {
    const limits = { maxEntries: 24, timeoutSeconds: 4 };
    await expectSaved('troubled', { workers: [4], requests: 500, keys: 60, ...limits }, (plan) => {
      const fleet = fleetOf(plan, plan.workers > 1 ? 1 : 0);
      const first = fleet.phase(plan.requests);
      const second = fleet.phase(300, 0, (request) => {
        if (request === 100) fleet.restart(1);
      });
      const restart = { atRequest: 100, atMillis: 410.5, slot: 1, label: 'worker 1 replaced' };
      return [sighting('cold start', first), sighting('restart', second, [restart])];
    });
  });
});

type Simulate = (plan: ArmPlan) => PhaseSighting[];

async function expectSaved(name: string, given: Partial<ScenarioOptions>, simulate: Simulate) {
  const options = { ...DEFAULTS, connections: 128, zipf: 0.9, seed: 7, ...given };
  const record: RunRecord = {
    schema: RECORD_SCHEMA,
    version: RECORD_VERSION,
    id: `2026-01-02T03-04-05-000-${name}`,
    status: 'complete',
    failure: null,
    scenario: {
      name: hitRate.name,
      question: hitRate.question,
      claims: [...hitRate.claims],
      lesson: '',
    },
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMillis: 4321,
    command: `npm run lab -- --workers ${options.workers.join()} --seed 7`,
    seed: options.seed,
    options: recordedOptions(options),
    environment: {
      node: 'v26.10.0',
      platform: 'linux',
      arch: 'x64',
      cpu: 'Example CPU',
      cores: 2,
      memoryBytes: 8 * 2 ** 30,
      versions: { fastify: '5.12.8', autocannon: '9.0.0' },
    },
    arms: hitRate.arms(options).map((plan) => armOf(plan, simulate)),
    verdict: null,
    exhibits: [],
    warnings: [],
  };
  record.warnings = warningsOf(record);
  record.verdict = judge(hitRate, record.arms).verdict;
  const file = path.join(import.meta.dirname, `../../reports/fixtures/${name}.json`);
  await expect(`${JSON.stringify(record, readable)}\n`).toMatchFileSnapshot(file);
}

/** Theory's values to six digits: what lies beyond differs between machines. */
function readable(name: string, value: unknown): unknown {
  const rounded = name === 'value' || name === 'low' || name === 'high';
  return rounded && typeof value === 'number' ? Number(value.toPrecision(6)) : value;
}

function fleetOf({ workers, keys, maxEntries, timeoutSeconds, cullFrequency }: ArmPlan, idle = 0) {
  const limits = { maxEntries, timeoutSeconds, cullFrequency };
  return new RecordedFleet({ workers, idle, keys, limits, seed: 7 });
}

/**
 * What the lab sees of a phase. Connections and memory differ from worker to worker, and keys are
 * named as pages are: the workload counts them from 0, the database its users from 1.
 */
function sighting(
  name: string,
  { ledger, before, after }: ReturnType<RecordedFleet['phase']>,
  events: FleetEvent[] = [],
): PhaseSighting {
  const { length: sent } = ledger;
  const fitsTheory = events.length === 0;
  return {
    name,
    live: {
      ledger,
      events,
      sent,
      fitsTheory,
      killed: false,
      keptRate: null,
      protocol: false,
    } as unknown as LivePhase,
    durationMillis: 4 * sent,
    before: before.map((worker) => ({ ...worker, connections: 0 })),
    after: after.map((worker) => ({
      ...worker,
      rssBytes: 60e6 + 1e6 * worker.slot,
      keys: worker.keys!.map((key) => key.replace(/\d+$/, (index) => String(Number(index) + 1))),
    })),
  };
}

function armOf(plan: ArmPlan, simulate: Simulate): Arm {
  const phases = phaseRecords(plan, createWorkload(plan), simulate(plan));
  return armRecord(plan, { startMillis: 512, phases, observations: {} });
}
