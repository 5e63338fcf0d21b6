import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRecord } from '../../reports/record/file.ts';
import { loadScenarios } from '../../scenarios/index.ts';
import { judge } from '../../scenarios/kit/judge.ts';
import { createProgress } from '../console/progress.ts';
import { collectedOutput } from '../fixtures/lab.ts';
import { loadLauncher } from '../fleet/index.ts';
import { notBorneOut } from '../tools/borne-out.ts';
import { planRun } from './plan.ts';
import { runScenario } from './run.ts';

/** The contract of a scenario: what every one of them must show, on real processes. */

const outFolder = mkdtempSync(path.join(tmpdir(), 'cache-lab-test-'));
afterAll(() => rmSync(outFolder, { recursive: true, force: true }));

const all = await loadScenarios();

describe.each(all.map((scenario) => [scenario.name, scenario] as const))(
  'scenario %s',
  (_, scenario) => {
    let result: Awaited<ReturnType<typeof runScenario>>;
    beforeAll(async () => {
      const { output } = collectedOutput();
      result = await runScenario({
        ...planRun(scenario, { ...scenario.quick }),
        outFolder,
        port: 0,
        launcherOf: loadLauncher,
        originOrders: Math.min(scenario.originOrders ?? Infinity, 2_000),
        command: 'none: this is a test',
        startedAt: new Date(),
        progress: createProgress(output, { quiet: true }),
        signal: new AbortController().signal,
      });
    });

    test('runs to its end and agrees with what theory expects', () => {
      expect(result.error).toBeNull();
      expect(result.record.status).toBe('complete');
      const disagreeing = result.record.verdict!.findings.filter(({ agrees }) => agrees === false);
      expect(disagreeing).toEqual([]);
      expect(result.record.verdict!.agreement).toBe('agrees');
    });

    test('every phase of every arm passes its audit', () => {
      const failed = result.record.arms.flatMap((arm) =>
        arm.phases.flatMap((phase) => phase.audit.checks.filter((check) => !check.holds)),
      );
      expect(failed).toEqual([]);
      expect(result.record.arms.length).toBeGreaterThan(0);
    });

    test('the saved record can be read again and says the same', () => {
      expect(readRecord(result.recordFile)).toEqual(JSON.parse(JSON.stringify(result.record)));
      expect(readdirSync(result.folder)).toContain('record.json');
    });

    test('judging the record again gives the same verdict', () => {
      const { arms, verdict, exhibits } = readRecord(result.recordFile);
      expect(judge(scenario, arms)).toEqual({ verdict, exhibits });
    });

    test('what it tells at a glance was measured, before and after', () => {
      const { figures = [] } = result.record.verdict!.headline ?? {};
      for (const figure of figures) {
        expect(figure).toMatchObject({ before: expect.any(Number), after: expect.any(Number) });
      }
    });

    test('each of its claims has findings of its own, and no other claim has any', () => {
      const claims = result.record.verdict!.findings.flatMap(({ claim }) => claim ?? []);
      expect(new Set(claims)).toEqual(new Set(scenario.claims));
    });

    test('its sentence is borne out by its figures', () => {
      expect(notBorneOut(result.record)).toEqual([]);
    });

    test('without arms it does not claim anything', () => {
      const { verdict } = judge(scenario, []);
      expect(verdict.agreement).toBe('not judged');
      expect(verdict.sentence).toMatch(/^Nothing was measured\./);
    });
  },
);
