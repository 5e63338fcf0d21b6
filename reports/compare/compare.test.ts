import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileRecord } from '../fixtures/hostile-record.ts';
import { sampleRecord } from '../fixtures/sample-record.ts';
import type { RunRecord } from '../record/schema.ts';
import { comparePage } from './compare-page.ts';
import { type ComparedRow, compareRecords } from './comparison.ts';
import { changeText, comparisonCsv, comparisonMarkdown } from './comparison-text.ts';
import { differenceOf, isTold } from './spread.ts';

const four = sampleRecord({ workers: [1, 4], requests: 600, keys: 60, seed: 1 });
const eight = sampleRecord({ workers: [1, 8], requests: 600, keys: 60, seed: 1 });

function row(rows: readonly ComparedRow[], part: string, figure: string): ComparedRow {
  const found = rows.find((one) => one.part === part && one.measure.id === figure);
  if (!found) throw new Error(`no row ${part}, ${figure}`);
  return found;
}

/** The same run several times: its arms as rounds. */
function inRounds(records: readonly RunRecord[]): RunRecord {
  const arms = records.flatMap((record, index) =>
    record.arms.map((arm) => ({
      ...arm,
      name: `${arm.name}, round ${index + 1}`,
      round: index + 1,
    })),
  );
  return { ...records[0]!, arms };
}

describe('the spread of a difference', () => {
  it('is that of Welch’s test, from rounds', () => {
    // Means 20 and 24, variances 4 and 16, n 3 and 3: s = √(20/3), 2.94 → 2 degrees of freedom.
    const a = { values: [18, 20, 22], expected: null };
    const b = { values: [20, 24, 28], expected: null };
    const { value, halfWidth, source } = differenceOf(a, b, true);
    expect([value, source]).toEqual([4, 'rounds']);
    expect(halfWidth).toBeCloseTo(4.303 * Math.sqrt(20 / 3), 6);
  });

  it('comes from the expectations of single runs, and how requests fell counts as chance', () => {
    const a = { values: [700], expected: { value: 700, low: 688, high: 712 } };
    const b = { values: [730], expected: { value: 728, low: 712, high: 744 } };
    expect(differenceOf(a, b, false)).toEqual({ value: 30, halfWidth: 20, source: 'expectation' });
    expect(isTold(differenceOf(a, b, false))).toBe(true);
    expect(isTold(differenceOf(a, b, true))).toBe(false);
  });

  it('is unknown for a single run without theory, however far apart', () => {
    const difference = differenceOf(
      { values: [1], expected: null },
      { values: [1e9], expected: null },
      true,
    );
    expect(difference.halfWidth).toBeNull();
    expect(isTold(difference)).toBe(false);
  });

  it('hides a difference between rounds of the same in about 19 of 20 cases', () => {
    let told = 0;
    const tries = 400;
    const noise = fc.sample(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true }), {
        minLength: 120,
        maxLength: 120,
      }),
      { numRuns: tries, seed: 1 },
    );
    for (const draws of noise) {
      // Ten values each; a sum of six uniform draws is close to normal.
      const values = Array.from({ length: 20 }, (_, index) =>
        draws.slice(6 * index, 6 * index + 6).reduce((sum, draw) => sum + draw, 0),
      );
      const [a, b] = [values.slice(0, 10), values.slice(10)];
      if (isTold(differenceOf({ values: a, expected: null }, { values: b, expected: null }, true)))
        told++;
    }
    expect(told / tries).toBeLessThan(0.1);
    expect(told).toBeGreaterThan(0);
  });
});

describe('runs compared', () => {
  it('with themselves: everything is the same, and nothing better', () => {
    const { rows, differences, cautions } = compareRecords([four, four]);
    expect(rows.length).toBeGreaterThan(10);
    expect(new Set(rows.flatMap((one) => one.changes.map((change) => change?.verdict)))).toEqual(
      new Set(['same']),
    );
    expect([differences, cautions]).toEqual([[], []]);
  });

  it('pair arms by their names, and what is left by its order', () => {
    const { rows, differences } = compareRecords([four, eight]);
    expect([...new Set(rows.map((one) => one.part))]).toEqual([
      '1 worker',
      '4 workers / 8 workers',
    ]);
    expect(differences).toEqual([{ what: 'workers', values: ['1, 4', '1, 8'] }]);
    const misses = row(rows, '4 workers / 8 workers', 'misses');
    const counts = [four, eight].map((record) => record.arms[1]!.phases[0]!.totals.misses.cold);
    expect(misses.samples.map((sample) => sample!.values)).toEqual(counts.map((one) => [one]));
    expect(misses.changes[0]!.value).toBe(counts[1]! - counts[0]!);
    expect(misses.changes[0]!.verdict).toBe('worse');
  });

  it('leave out arms that only one of them has', () => {
    const only = sampleRecord({ workers: [1], requests: 100, keys: 10 });
    const { rows } = compareRecords([only, eight]);
    expect([...new Set(rows.map((one) => one.part))]).toEqual(['1 worker']);
  });

  it('of several rounds are held against each other by the spread of the rounds', () => {
    const rounds = (workers: number) =>
      inRounds(
        [1, 2, 3].map((seed) =>
          sampleRecord({ workers: [1, workers], requests: 600, keys: 60, seed }),
        ),
      );
    const { rows } = compareRecords([rounds(4), rounds(8)]);
    const misses = row(rows, '4 workers / 8 workers', 'misses');
    expect(misses.samples.map((sample) => sample!.values.length)).toEqual([3, 3]);
    expect(misses.changes[0]).toMatchObject({ source: 'rounds', verdict: 'worse' });
    expect(row(rows, '4 workers / 8 workers', 'entries').changes[0]!.verdict).toBe('other');
  });

  it('of different scenarios, machines or audits come with a caution', () => {
    const other = structuredClone(eight);
    other.scenario.name = 'restart';
    other.environment.cores = 64;
    other.arms[0]!.phases[0]!.audit.clean = false;
    other.status = 'interrupted';
    const cautions = compareRecords([four, other]).cautions.join('\n');
    expect(cautions).toMatch(/different scenarios/);
    expect(cautions).toMatch(/different machines/);
    expect(cautions).toMatch(/audit of B failed/);
    expect(cautions).toMatch(/B is interrupted/);
  });

  it('are kept apart by three and more', () => {
    const { rows } = compareRecords([four, eight, four]);
    expect(row(rows, '1 worker', 'misses').changes).toHaveLength(2);
  });
});

describe('as text', () => {
  const comparison = compareRecords([four, eight]);

  it('tells differences of shares in points, and where the spread is from', () => {
    const text = changeText(
      { value: -0.0741, halfWidth: 0.012, source: 'expectation', verdict: 'worse' },
      'percent',
    );
    expect(text).toBe('−7.4 points ±ᵉ 1.2');
    const unknown = { value: 5, halfWidth: null, source: 'unknown', verdict: 'not told' } as const;
    expect(changeText(unknown, 'count')).toBe('+5 ±?');
  });

  it('is CSV with exact numbers', () => {
    const [head, ...lines] = comparisonCsv(comparison).trim().split('\r\n');
    const line = lines.find((one) => one.startsWith('4 workers / 8 workers,misses,B,'))!.split(',');
    const mean = eight.arms[1]!.phases[0]!.totals.misses.cold;
    expect(Number(line[head!.split(',').indexOf('mean')])).toBe(mean);
  });

  it('is a Markdown table whose rows all have as many cells', () => {
    const markdown = comparisonMarkdown(compareRecords([hostileRecord(), four]));
    const tables = markdown.split('\n\n').filter((part) => part.startsWith('| '));
    expect(tables.length).toBeGreaterThan(0);
    for (const table of tables) {
      const widths = table
        .trim()
        .split('\n')
        .map((line) => line.match(/(?<!\\)\|/g)!.length);
      expect(new Set(widths).size).toBe(1);
    }
    expect(markdown).not.toMatch(/(?<!\\)<script/);
  });

  it('is a page in which nothing from outside becomes markup', () => {
    const page = comparePage(compareRecords([hostileRecord(), hostileRecord()]));
    const main = page.slice(page.indexOf('<main'), page.indexOf('</main>'));
    expect(main).not.toMatch(/<(script|img|iframe|svg)\b/);
  });
});
