import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadScenarios } from '../../scenarios/index.ts';
import { UsageError } from '../console/errors.ts';
import { createProgress } from '../console/progress.ts';
import { collectedOutput, inThisProcess } from '../fixtures/lab.ts';
import { planRun } from './plan.ts';
import { runScenario } from './run.ts';

/** What several workers break with a cache each, a shared cache mends: the same scenarios, on Redis. */

const outFolder = mkdtempSync(path.join(tmpdir(), 'cache-lab-test-'));
afterAll(() => rmSync(outFolder, { recursive: true, force: true }));

const cured = await loadScenarios([
  'lost-session',
  'rate-limit',
  'counter',
  'stampede',
  'stale-reads',
]);

describe.each(cured.map((scenario) => [scenario.name, scenario] as const))('%s', (_, scenario) => {
  test('with Redis goes as theory says of one cache for all', async () => {
    const { options } = planRun(scenario, { ...scenario.quick, backends: ['redis'] });
    const severalWorkers = () => scenario.arms(options).filter(({ workers }) => workers > 1);
    const { record, error } = await runScenario({
      scenario: { ...scenario, arms: severalWorkers },
      options,
      ...inThisProcess,
      outFolder,
      port: 0,
      command: 'none: this is a test',
      startedAt: new Date(),
      progress: createProgress(collectedOutput().output, { quiet: true }),
      signal: new AbortController().signal,
    });
    expect(error).toBeNull();
    expect(record.verdict!.findings.filter(({ agrees }) => agrees === false)).toEqual([]);
    expect(record.verdict!.agreement).toBe('agrees');
    const checks = record.arms.flatMap((arm) => arm.phases.flatMap((phase) => phase.audit.checks));
    expect(checks.filter(({ holds }) => !holds)).toEqual([]);
  }, 60_000);

  test('refuses the backend that keeps nothing, by the name of the flag', () => {
    const plan = () => planRun(scenario, { backends: ['dummy'] });
    expect(plan).toThrow(UsageError);
    expect(plan).toThrow(/--backends dummy/);
  });
});
