import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readRecord } from '../../reports/record/file.ts';
import type { Scenario, ScenarioOptions } from '../../scenarios/kit/contract.ts';
import { LabError } from '../console/errors.ts';
import { DEFAULTS } from '../console/options.ts';
import { createProgress } from '../console/progress.ts';
import { collectedOutput } from '../fixtures/lab.ts';
import { loadLauncher } from '../fleet/index.ts';
import { runSeries, type SeriesContext } from './series.ts';

const outFolder = mkdtempSync(path.join(tmpdir(), 'series-'));
afterAll(() => rmSync(outFolder, { recursive: true }));

/** Starts no fleet: it has no arms, or fails before the first. */
function scenario(name: string, arms: () => never[]): Scenario {
  return {
    name,
    question: `What of ${name}?`,
    claims: ['C4'],
    seconds: 0,
    arms,
    measure: async () => ({}),
    findings: () => {
      throw new Error('there was nothing to judge');
    },
    sentence: () => null,
  };
}

const fails = scenario('fails', () => {
  throw new Error('no arm could be planned');
});
const works = scenario('works', () => []);

/** What a series needs, and what it says. */
function series(signal = new AbortController().signal) {
  const collected = collectedOutput();
  const context: SeriesContext = {
    outFolder,
    port: 0,
    launcherOf: loadLauncher,
    progress: createProgress(collected.output, { quiet: true }),
    output: collected.output,
    signal,
  };
  return { context, said: collected.stdout };
}

async function run(plans: readonly Scenario[], signal?: AbortSignal) {
  const { context, said } = series(signal);
  const options = { ...DEFAULTS, keys: 1 };
  const runs = await runSeries(
    plans.map((scenario) => ({ scenario, options, given: {} })),
    context,
  );
  return { runs, said: said() };
}

test('the command that repeats a run names only the services that it used', async () => {
  const services = { redis: 'redis://127.0.0.1:1', memcached: '127.0.0.1:1' };
  const commandWith = async (backends: ScenarioOptions['backends']) => {
    const plan = { scenario: works, options: { ...DEFAULTS, backends }, given: { backends } };
    const [run] = await runSeries([plan], { ...series().context, services });
    return run!.record.command;
  };
  expect(await commandWith(['locmem'])).not.toContain('127.0.0.1');
  expect(await commandWith(['locmem', 'tiered'])).toMatch(/ --redis redis:\/\/127.0.0.1:1$/);
  expect(await commandWith(['memcached'])).toMatch(/ --memcached 127.0.0.1:1$/);
});

describe('several scenarios', () => {
  test('go on after one that fails, and the end tells which, and what of the claims', async () => {
    const { runs, said } = await run([fails, works]);
    expect(runs.map(({ record }) => [record.scenario.name, record.status])).toEqual([
      ['fails', 'failed'],
      ['works', 'complete'],
    ]);
    const end = said.slice(said.indexOf('Claim by claim'));
    expect(end).toMatch(/C4 .*✘ failed/);
    expect(end.match(/^✘ fails failed: Error: no arm could be planned$/m)).not.toBeNull();
    expect(end).toContain('1 of 2 scenarios failed or disagree');
  });

  test('leave a record and a report each, and a list of all', async () => {
    const { runs } = await run([fails, works]);
    for (const { record, report, recordFile } of runs) {
      expect(readRecord(recordFile).id).toBe(record.id);
      expect(existsSync(report)).toBe(true);
      expect(readFileSync(path.join(outFolder, 'index.html'), 'utf8')).toContain(
        `${record.id}/report.html`,
      );
    }
  });

  test('end with an interruption', async () => {
    const { runs } = await run([works, works], AbortSignal.abort(new Error('Ctrl-C')));
    expect(runs).toEqual([]);
  });

  test('name the interruption, not the request that it broke off', async () => {
    const controller = new AbortController();
    const interrupted = scenario('interrupted', () => {
      controller.abort(new LabError('The run was interrupted.', { remedy: 'Start it again.' }));
      throw new DOMException('The operation was aborted', 'AbortError');
    });
    const { runs } = await run([interrupted], controller.signal);
    expect(runs[0]!.error).toBe(controller.signal.reason);
    expect(runs[0]!.record).toMatchObject({
      status: 'interrupted',
      failure: 'The run was interrupted.',
    });
  });

  test('that cannot be saved are told all the same, and are no success', async () => {
    const blocked = scenario('blocked', () => {
      rmSync(outFolder, { recursive: true });
      writeFileSync(outFolder, '');
      return [];
    });
    try {
      const { runs, said } = await run([blocked]);
      expect(runs[0]!.record).toMatchObject({
        status: 'failed',
        failure: expect.stringMatching(/^The record could not be saved\. The system refused .*\.$/),
      });
      expect(said).toMatch(/Not complete: The record could not be saved\./);
      expect(said).not.toMatch(/^(Report|Record) /m);
      expect(said).toContain('Repeat   npm run lab');
    } finally {
      rmSync(outFolder);
      mkdirSync(outFolder);
    }
  });

  test('of one there is no summary', async () => {
    const { said } = await run([works]);
    expect(said).not.toContain('Claim by claim');
  });
});
