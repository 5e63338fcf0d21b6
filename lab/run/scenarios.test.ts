import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRecord } from '../../reports/record/file.ts';
import { scenarios } from '../../scenarios/index.ts';
import { resolveOptions } from '../console/options.ts';
import { createProgress } from '../console/progress.ts';
import { runScenario } from './run.ts';

/** The contract of a scenario: what every one of them must show, on real processes. */

const outFolder = mkdtempSync(path.join(tmpdir(), 'cache-lab-test-'));
afterAll(() => rmSync(outFolder, { recursive: true, force: true }));

const quickRun = (name: string, given = {}) => {
  const scenario = scenarios[name]!;
  return runScenario({
    scenario,
    options: resolveOptions(scenario, { ...scenario.quick, ...given }),
    outFolder,
    port: 0,
    command: 'none: this is a test',
    startedAt: new Date(),
    progress: createProgress(process.stderr, { quiet: true }),
    signal: new AbortController().signal,
  });
};

describe.each(Object.keys(scenarios))('scenario %s', (name) => {
  let result: Awaited<ReturnType<typeof runScenario>>;
  beforeAll(async () => {
    result = await quickRun(name);
  });

  test('runs to its end and agrees with what theory expects', () => {
    expect(result.error).toBeNull();
    expect(result.record.status).toBe('complete');
    const disagreeing = result.record.verdict!.findings.filter((finding) => !finding.agrees);
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
    const scenario = scenarios[name]!;
    const options = resolveOptions(scenario, scenario.quick ?? {});
    expect(scenario.judge(readRecord(result.recordFile).arms, options).verdict).toEqual(
      result.record.verdict,
    );
  });

  test('without arms it does not claim anything', () => {
    const scenario = scenarios[name]!;
    const { verdict } = scenario.judge([], resolveOptions(scenario, scenario.quick ?? {}));
    expect(verdict.agreement).not.toBe('agrees');
  });
});
