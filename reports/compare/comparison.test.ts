import { describe, expect, test } from 'vitest';
import { distinctArm, distinctPhase, distinctRecord } from '../record/fixtures/distinct-figures.ts';
import type { Arm, RunRecord } from '../record/schema.ts';
import { compareRecords } from './comparison.ts';

const arm = (name: string, from: number, given: Partial<Arm> = {}) =>
  distinctArm(name, [distinctPhase('traffic', from)], given);
const run = (...arms: Arm[]) => distinctRecord(arms);

/** Each row in a line: part, measure, values of each run, and the differences from the first. */
function rowsOf(...records: RunRecord[]): string[] {
  return compareRecords(records).rows.map(({ part, measure, samples, changes }) => {
    const values = samples.map((sample) => sample?.values.map(rounded).join('+') ?? '–');
    const differences = changes.map((change) => {
      if (change === null) return '–';
      const { value, halfWidth, source, verdict } = change;
      return `${rounded(value)} ± ${halfWidth === null ? '?' : rounded(halfWidth)} (${source}): ${verdict}`;
    });
    return [part, measure.id, ...values, ...differences].join(' | ');
  });
}
const rounded = (value: number) => Number(value.toPrecision(6));
/** The rows about one measure. */
const about = (id: string, ...records: RunRecord[]) =>
  rowsOf(...records).filter((row) => row.split(' | ')[1] === id);
const partsIn = (...records: RunRecord[]) => [
  ...new Set(rowsOf(...records).map((row) => row.split(' | ')[0])),
];

describe('two runs', () => {
  const one = run(arm('1 worker', 0));
  const other = run(arm('1 worker', 10));

  test('are compared figure by figure, each by what is better of it', () => {
    // Misses: theory's ± 3 of both, and 10 by which the expectations are apart.
    const half = rounded(Math.hypot(3, 3) + 10);
    expect(rowsOf(one, other)).toEqual([
      `1 worker | misses | 114 | 144 | 30 ± ${half} (expectation): worse`,
      `1 worker | hitRate | 0.04 | 0.05 | 0.01 ± ${rounded(Math.hypot(0.002, 0.002) + 0.01)} (expectation): not told`,
      '1 worker | originQueries | 41 | 51 | 10 ± ? (unknown): not told',
      '1 worker | entries | 42 | 52 | 10 ± ? (unknown): not told',
      '1 worker | duplicationFactor | 4.4 | 5.4 | 1 ± ? (unknown): not told',
      '1 worker | requestsPerSecond | 32 | 42 | 10 ± ? (unknown): not told',
      '1 worker | hitP50Micros | 217 | 227 | 10 ± ? (unknown): not told',
      '1 worker | hitP99Micros | 2161 | 2261 | 100 ± ? (unknown): not told',
      '1 worker | missP50Micros | 221 | 231 | 10 ± ? (unknown): not told',
      `1 worker | rssBytes | ${rounded(328 * 2 ** 20)} | ${rounded(348 * 2 ** 20)} | ${rounded(20 * 2 ** 20)} ± ? (unknown): not told`,
    ]);
  });

  test('that are the same differ in nothing', () => {
    expect(new Set(rowsOf(one, one).map((row) => row.split(': ')[1]))).toEqual(new Set(['same']));
    const { differences, cautions, runs } = compareRecords([one, one]);
    expect([differences, cautions]).toEqual([[], []]);
    expect(runs.map(({ letter }) => letter)).toEqual(['A', 'B']);
  });

  test.each([
    ['workers', { workers: 3 }],
    ['backend', { backend: 'tiered' }],
    ['the size of a cache', { cache: { maxEntries: 301, timeoutSeconds: 300, cullFrequency: 3 } }],
    ['timeout', { cache: { maxEntries: 300, timeoutSeconds: 30, cullFrequency: 3 } }],
    ['popularity', { workload: { popularity: 'uniform', zipf: 0.8, keys: 200, seed: 1 } }],
    ['keys', { workload: { popularity: 'zipf', zipf: 0.8, keys: 201, seed: 1 } }],
  ] as [string, Partial<Arm>][])(
    'with another %s are expected to differ, so that is no chance',
    (_what, given) => {
      const changed = run(arm('1 worker', 10, given));
      expect(about('hitRate', one, changed)).toEqual([
        `1 worker | hitRate | 0.04 | 0.05 | 0.01 ± ${rounded(Math.hypot(0.002, 0.002))} (expectation): better`,
      ]);
    },
  );

  test('with another seed are expected to be the same', () => {
    const workload = { popularity: 'zipf', zipf: 0.8, keys: 200, seed: 2 } as const;
    expect(about('hitRate', one, run(arm('1 worker', 10, { workload })))[0]).toMatch(/not told$/);
  });
});

describe('rounds', () => {
  const rounds = (...from: number[]) =>
    run(...from.map((each, i) => arm(`2 workers, round ${i + 9}`, each, { round: i + 1 })));

  test('of an arm are its sample, and tell better from worse by their own spread', () => {
    const [few, many] = [rounds(0, 1, 2), rounds(20, 21, 22)];
    const half = (step: number) => rounded(2.776 * step * Math.sqrt(2 / 3));
    const better = rowsOf(few, many).map((row) => row.split(' | ').slice(1));
    expect(better.map(([id, , , change]) => [id, change!.split(': ')[1]])).toEqual([
      ['misses', 'worse'],
      ['hitRate', 'better'],
      ['originQueries', 'worse'],
      ['entries', 'other'],
      ['duplicationFactor', 'other'],
      ['requestsPerSecond', 'better'],
      ['hitP50Micros', 'worse'],
      ['hitP99Micros', 'worse'],
      ['missP50Micros', 'worse'],
      ['rssBytes', 'worse'],
    ]);
    expect(about('misses', few, many)).toEqual([
      `2 workers | misses | 114+117+120 | 174+177+180 | 60 ± ${half(3)} (rounds): worse`,
    ]);
    expect(about('originQueries', many, few)).toEqual([
      `2 workers | originQueries | 61+62+63 | 41+42+43 | -20 ± ${half(1)} (rounds): better`,
    ]);
  });

  test('in which nothing was asked are left out, and an arm of none is not compared', () => {
    const unasked = rounds(0, 1);
    for (const { phases } of unasked.arms) phases[0]!.totals.hitRate = null;
    expect(about('misses', rounds(5, 6), unasked)).toEqual([]);
    unasked.arms[1]!.phases[0]!.totals.hitRate = 0.5;
    expect(about('hitRate', rounds(5, 6), unasked)).toEqual([
      '2 workers | hitRate | 0.045+0.046 | 0.5 | 0.4545 ± ? (unknown): not told',
    ]);
  });
});

describe('arms', () => {
  const [one, four, eight] = [arm('1 worker', 0), arm('4 workers', 5), arm('8 workers', 9)];

  test('go together by their names, and what is left by its order', () => {
    expect(about('entries', run(one, four), run(eight, one))).toEqual([
      '1 worker | entries | 42 | 42 | 0 ± ? (unknown): same',
      '4 workers / 8 workers | entries | 47 | 51 | 4 ± ? (unknown): not told',
    ]);
    expect(partsIn(run(four, eight), run(arm('a', 1), arm('b', 2)))).toEqual([
      '4 workers / a',
      '8 workers / b',
    ]);
  });

  test('that only one of them has, or not as many, are left out', () => {
    expect(partsIn(run(one), run(one, eight))).toEqual(['1 worker']);
    expect(partsIn(run(one, four), run(one))).toEqual(['1 worker']);
    expect(partsIn(run(one, four, arm('5 workers', 1)), run(one, eight))).toEqual(['1 worker']);
    expect(compareRecords([run(), run(one)]).rows).toEqual([]);
    expect(compareRecords([]).rows).toEqual([]);
  });

  test('of the same name in one run are not taken twice', () => {
    const twice = run(one, { ...one, phases: [distinctPhase('traffic', 7)] });
    expect(about('entries', twice, run(one))).toEqual([
      '1 worker | entries | 42+49 | 42 | -3.5 ± ? (unknown): not told',
    ]);
  });

  test('with several phases are compared phase by phase', () => {
    const phased = (from: number) =>
      run(distinctArm('a', [distinctPhase('cold', from), distinctPhase('warm', from + 3)]));
    expect(about('entries', phased(0), phased(1))).toEqual([
      'a · cold | entries | 42 | 43 | 1 ± ? (unknown): not told',
      'a · warm | entries | 45 | 46 | 1 ± ? (unknown): not told',
    ]);
  });

  test('of three runs are held against the first, where they have it', () => {
    expect(about('entries', run(one), run(four, eight), run(arm('1 worker', 3)))).toEqual([
      '1 worker | entries | 42 | – | 45 | – | 3 ± ? (unknown): not told',
    ]);
  });
});

describe('what differed before', () => {
  test('is scenario, options and machine', () => {
    const one = distinctRecord([]);
    const other: RunRecord = {
      ...one,
      scenario: { ...one.scenario, name: 'restart' },
      options: { workers: [2, 4], requests: 4_000, timeoutSeconds: 9, backends: ['locmem'] },
      environment: { ...one.environment, cpu: 'b', cores: 64, node: 'v28', versions: {} },
    };
    expect(compareRecords([one, other]).differences).toEqual([
      { what: 'scenario', values: ['hit-rate', 'restart'] },
      { what: 'workers', values: ['2', '2, 4'] },
      { what: 'timeoutSeconds', values: ['none', '9'] },
      { what: 'processor', values: ['a processor', 'b'] },
      { what: 'cores', values: ['2', '64'] },
      { what: 'node', values: ['v26.10.0', 'v28'] },
      { what: 'fastify', values: ['5.12.8', '–'] },
      { what: 'backends', values: ['–', 'locmem'] },
    ]);
  });

  test('comes with a caution where it matters', () => {
    const cautions = (change: (record: RunRecord) => void) => {
      const other = structuredClone(run(arm('1 worker', 0), arm('2 workers', 1)));
      change(other);
      return compareRecords([run(arm('1 worker', 0)), other]).cautions;
    };
    const machines = 'They ran on different machines: latencies and requests/s compare those too.';
    expect(cautions(() => {})).toEqual([]);
    expect(cautions((other) => (other.scenario.name = 'restart'))).toEqual([
      'These runs are of different scenarios. Arms with the same name may not have done the same.',
    ]);
    expect(cautions((other) => (other.environment.cores = 64))).toEqual([machines]);
    expect(cautions((other) => (other.environment.cpu = 'b'))).toEqual([machines]);
    expect(cautions((other) => (other.status = 'interrupted'))).toEqual([
      'B is interrupted: it holds only what was measured until then.',
    ]);
    expect(cautions((other) => (other.arms[1]!.phases[0]!.audit.clean = false))).toEqual([
      'The audit of B failed: do not use its figures.',
    ]);
    const phases = [distinctPhase('a', 0), distinctPhase('b', 0)];
    phases[0]!.audit.clean = false;
    expect(cautions((other) => (other.arms[0]!.phases = phases))).toHaveLength(1);
  });
});
