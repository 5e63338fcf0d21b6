import { expect, test } from 'vitest';
import { distinctArm, distinctPhase, distinctRecord } from '../record/fixtures/distinct-figures.ts';
import { baselineArm, partGroups, runParts } from './run-parts.ts';

const arm = (name: string, workers: number, phases = ['traffic']) =>
  distinctArm(
    name,
    phases.map((phase) => distinctPhase(phase, 0)),
    { workers },
  );
const both = ['cold', 'warm'];
/** The groups of a record, each with its title, its id and its parts. */
const groupsOf = (...arms: ReturnType<typeof arm>[]) =>
  partGroups(distinctRecord(arms)).map(({ suffix, parts }) => [
    ...[suffix.title, suffix.id, parts.map(({ label }) => label).join(', ')],
  ]);

test('a part has its phase in its name only where its arm has several', () => {
  const arms = [arm('a', 1), arm('b', 2, both)];
  expect(runParts(distinctRecord(arms)).map(({ label }) => label)).toEqual([
    ...['a', 'b · cold', 'b · warm'],
  ]);
});

test('up to six parts stand beside each other, more go phase by phase', () => {
  const arms = ['a', 'b', 'c', 'd'].map((name) => arm(name, 2, both));
  expect(groupsOf(...arms.slice(1))).toEqual([
    ['', '', 'b · cold, b · warm, c · cold, c · warm, d · cold, d · warm'],
  ]);
  expect(groupsOf(...arms)).toEqual([
    [' · cold', '', 'a, b, c, d'],
    [' · warm', '-2', 'a, b, c, d'],
  ]);
});

test('a group has the parts of its own phase', () => {
  const record = distinctRecord(['a', 'b', 'c', 'd'].map((name) => arm(name, 2, both)));
  expect(partGroups(record).map(({ parts }) => parts[0]!.phase.name)).toEqual(both);
});

test('many parts of one phase stay together, and those without a lookup are left out', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  expect(groupsOf(...names.map((name) => arm(name, 2)))).toEqual([['', '', names.join(', ')]]);
  const silent = arm('silent', 2);
  const { totals } = silent.phases[0]!;
  silent.phases[0]!.totals = { ...totals, hits: 0, misses: { cold: 0, expired: 0, evicted: 0 } };
  expect(groupsOf(silent, arm('a', 1))).toEqual([['', '', 'a']]);
});

test('the baseline is the first with one worker, or the first', () => {
  const nameOf = (...workers: number[]) =>
    baselineArm(distinctRecord(workers.map((each, index) => arm(`${index}`, each))))?.name;
  expect([nameOf(4, 1, 1), nameOf(4, 2), nameOf()]).toEqual(['1', '0', undefined]);
});
