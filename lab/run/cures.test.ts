import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { scenarios } from '../../scenarios/index.ts';
import { resolveOptions } from '../console/options.ts';
import { createProgress } from '../console/progress.ts';
import { runScenario } from './run.ts';

/** What several workers break with a cache each, a shared cache mends: the same scenarios, on Redis. */

const outFolder = mkdtempSync(path.join(tmpdir(), 'cache-lab-test-'));
afterAll(() => rmSync(outFolder, { recursive: true, force: true }));

describe.each(['lost-session', 'rate-limit', 'counter', 'stampede', 'stale-reads'])(
  '%s',
  (name) => {
    test('with Redis goes as theory says of one cache for all', async () => {
      const scenario = scenarios[name]!;
      const { record, error } = await runScenario({
        scenario,
        options: resolveOptions(scenario, { ...scenario.quick, backends: ['redis'] }),
        outFolder,
        port: 0,
        command: 'none: this is a test',
        startedAt: new Date(),
        progress: createProgress(process.stderr, { quiet: true }),
        signal: new AbortController().signal,
      });
      expect(error).toBeNull();
      expect(record.verdict!.findings.filter(({ agrees }) => !agrees)).toEqual([]);
      expect(record.verdict!.agreement).toBe('agrees');
      const checks = record.arms.flatMap((arm) =>
        arm.phases.flatMap((phase) => phase.audit.checks),
      );
      expect(checks.filter(({ holds }) => !holds)).toEqual([]);
    }, 60_000);

    test('refuses the backend that keeps nothing, by the name of the flag', () => {
      const scenario = scenarios[name]!;
      expect(() => resolveOptions(scenario, { backends: ['dummy'] })).toThrow(/--backends dummy/);
    });
  },
);
