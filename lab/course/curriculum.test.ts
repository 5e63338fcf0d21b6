import { describe, expect, test } from 'vitest';
import { firstThatFits } from '../../reports/course/decision.ts';
import {
  decision,
  discussion,
  glossary,
  workshops,
} from '../../scenarios/curriculum/curriculum.ts';
import { SCENARIO_NAMES } from '../../scenarios/index.ts';
import { courseOf } from './course.ts';

const { questions, advice } = decision;

/** Every way to answer the questions. */
const answers = questions.reduce<Map<string, string>[]>(
  (sets, { id, answers }) =>
    sets.flatMap((set) => answers.map((answer) => new Map([...set, [id, answer.id]]))),
  [new Map()],
);

describe('the decision', () => {
  test('has advice for every way to answer, and every advice is given for some', () => {
    const given = answers.map((one) => firstThatFits(advice, one));
    expect(given).toHaveLength(16);
    expect(given).not.toContain(null);
    expect(new Set(given)).toEqual(new Set(advice));
  });

  test('never sends several processes that must agree to local memory', () => {
    const agreeing = answers.filter(
      (one) => one.get('processes') === 'several' && one.get('agree') === 'yes',
    );
    expect(agreeing).toHaveLength(4);
    for (const one of agreeing) {
      expect(firstThatFits(advice, one)!.what).not.toMatch(/^A local-memory cache/);
    }
  });

  test('depends on each question, and on no answer that nobody can give', () => {
    const conditions = new Set(advice.flatMap(({ when }) => when.split(' ')));
    const possible = questions.flatMap(({ id, answers }) =>
      answers.map((one) => `${id}=${one.id}`),
    );
    expect(possible).toEqual(expect.arrayContaining([...conditions]));
    const asked = new Set([...conditions].map((condition) => condition.split('=')[0]));
    expect(asked).toEqual(new Set(questions.map(({ id }) => id)));
  });
});

test('the stretches of each workshop fill its time', () => {
  const lengths = workshops.map(({ name, stretches }) => [
    name,
    stretches.reduce((sum, { minutes }) => sum + minutes, 0),
  ]);
  expect(lengths).toEqual([
    ['90 minutes', 90],
    ['Half a day', 210],
  ]);
});

test('the glossary is in alphabetical order', () => {
  const terms = Object.keys(glossary).map((term) => term.toLowerCase());
  expect(terms).toEqual(terms.toSorted((a, b) => a.localeCompare(b, 'en')));
});

test('the lessons that are named are there', async () => {
  const { curriculum } = await courseOf([]);
  const named = [
    ...advice.flatMap(({ lessons }) => lessons),
    ...discussion.map(({ lesson }) => lesson),
    ...curriculum.comparison.map((row) => row[4]),
    ...workshops.flatMap(({ stretches }) => stretches.flatMap(({ place }) => place ?? [])),
  ].filter((name) => !name.endsWith('.html'));
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((name) => !SCENARIO_NAMES.includes(name))).toEqual([]);
});
