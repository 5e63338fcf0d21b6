import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadScenarios, SCENARIO_NAMES } from './index.ts';
import { chosen, refusals } from './kit/fixtures/options.ts';
import { judge } from './kit/judge.ts';

const scenarios = await loadScenarios();

test('every scenario that has a folder is registered, under its own name', () => {
  const folders = globSync('*/scenario.ts', { cwd: import.meta.dirname }).map(path.dirname);
  expect(SCENARIO_NAMES.toSorted()).toEqual(folders.toSorted());
  expect(scenarios.map(({ name }) => name)).toEqual(SCENARIO_NAMES);
});

test('those asked for are loaded, in the order asked for', async () => {
  const some = await loadScenarios(['memory', 'counter']);
  expect(some.map(({ name }) => name)).toEqual(['memory', 'counter']);
});

test.each(['other', 'constructor', '__proto__'])('%s is no scenario', async (name) => {
  const reason = new RangeError(`there is no scenario ${name}`);
  await expect(loadScenarios([name])).rejects.toThrow(reason);
});

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
  'scenario %s',
  (name, scenario) => {
    test('accepts its own defaults and its quick run, and plans arms of different names', () => {
      for (const given of [{}, scenario.quick ?? {}]) {
        expect(refusals(scenario, given)).toEqual([]);
        const names = scenario.arms(chosen(scenario, given)).map((arm) => arm.name);
        expect(names.length).toBeGreaterThan(0);
        expect(new Set(names).size).toBe(names.length);
      }
    });

    test('claims nothing without arms, and has a lesson', () => {
      expect(judge(scenario, []).verdict.agreement).toBe('not judged');
      expect(existsSync(new URL(`./${name}/lesson.md`, import.meta.url))).toBe(true);
    });
  },
);
