import { describe, expect, test } from 'vitest';
import { hostileRecord } from '../fixtures/hostile-record.ts';
import { distinctArm, distinctPhase, distinctRecord } from '../record/fixtures/distinct-figures.ts';
import type { RunRecord } from '../record/schema.ts';
import { type Change, compareRecords } from './comparison.ts';
import {
  changeText,
  comparisonCsv,
  comparisonMarkdown,
  comparisonTable,
  differenceTable,
  spreadNotes,
} from './comparison-text.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const run = (id: string, from: number, given: Partial<RunRecord> = {}) =>
  distinctRecord([distinctArm('1 worker', [distinctPhase('traffic', from)])], { id, ...given });
const pair = compareRecords([
  run('first', 0),
  run('second', 10, { command: 'lab | more', options: { workers: [4] } }),
]);
const three = compareRecords([run('first', 0), distinctRecord([]), run('third', 20)]);

describe('a change', () => {
  const text = (given: Partial<Change>, format: Parameters<typeof changeText>[1]) => {
    const change = { value: 5, halfWidth: 2, source: 'rounds', verdict: 'better' } as const;
    return plain(changeText({ ...change, ...given }, format));
  };

  test('has its sign, its unit, and how far chance may carry it', () => {
    expect(text({}, 'count')).toBe('+5 ± 2');
    expect(text({ value: -1_234 }, 'count')).toBe('−1,234 ± 2');
    expect(text({ value: 1_200, halfWidth: 300 }, 'micros')).toBe('+1.2 ms ± 300 µs');
    expect(text({ value: 0 }, 'count')).toBe('±0 ± 2');
  });

  test('of shares is told in points', () => {
    const share = { value: -0.0741, halfWidth: 0.012, source: 'expectation' } as const;
    expect(text(share, 'percent')).toBe('−7.4 points ±ᵉ 1.2');
  });

  test('whose spread nobody knows says so, and one that is none is a dash', () => {
    expect(text({ halfWidth: null, source: 'unknown' }, 'count')).toBe('+5 ±?');
    expect(changeText(null, 'count')).toBe('–');
  });
});

describe('a comparison', () => {
  test('as a table has a row for each figure, in its own column of each run', () => {
    const { columns, rows } = comparisonTable(pair);
    expect(columns).toEqual([
      ...[
        { label: 'arm', format: null },
        { label: 'figure', format: null },
        { label: 'A', format: 'number' },
      ],
      ...[
        { label: 'B', format: 'number' },
        { label: 'B − A', format: 'number' },
        { label: 'so', format: null },
      ],
    ]);
    expect(rows.map((row) => plain(row.join(' | ')))).toEqual([
      '1 worker | misses | 114 | 144 | +30 ±ᵉ 14 | worse',
      '1 worker | hit rate | 4.0 % | 5.0 % | +1.0 points ±ᵉ 1.3 | within the spread',
      '1 worker | origin queries | 41 | 51 | +10 ±? | within the spread',
      '1 worker | entries | 42 | 52 | +10 ±? | within the spread',
      '1 worker | duplication factor | 4.4 | 5.4 | +1 ±? | within the spread',
      '1 worker | requests/s | 32 | 42 | +10 ±? | within the spread',
      '1 worker | hit, median | 217 µs | 227 µs | +10 µs ±? | within the spread',
      '1 worker | hit, 99 % within | 2.16 ms | 2.26 ms | +100 µs ±? | within the spread',
      '1 worker | miss, median | 221 µs | 231 µs | +10 µs ±? | within the spread',
      '1 worker | memory | 328.0 MiB | 348.0 MiB | +20.0 MiB ±? | within the spread',
    ]);
  });

  test('of three runs has each beside the first, and dashes where one has nothing', () => {
    const { columns, rows } = comparisonTable(three);
    expect(columns.map(({ label }) => label)).toEqual([
      ...['arm', 'figure', 'A', 'B', 'B − A', 'so', 'C', 'C − A', 'so'],
    ]);
    expect(plain(rows[0]!.join(' | '))).toBe(
      '1 worker | misses | 114 | – | – | – | 174 | +60 ±ᵉ 24 | worse',
    );
  });

  test('calls a difference better, worse, other, the same, or nothing', () => {
    const rounds = (from: number) =>
      distinctRecord(
        [0, 1, 2].map((more) =>
          distinctArm(`a, round ${more}`, [distinctPhase('traffic', from + more)], {
            round: more + 1,
          }),
        ),
      );
    const words = comparisonTable(compareRecords([rounds(0), rounds(20), rounds(0)])).rows;
    expect(words.map((row) => [row[5], row[8]])).toEqual([
      ...[
        ['worse', 'the same'],
        ['better', 'the same'],
        ['worse', 'the same'],
      ],
      ...[
        ['differs', 'the same'],
        ['differs', 'the same'],
        ['better', 'the same'],
      ],
      ...new Array(4).fill(['worse', 'the same']),
    ]);
    expect(spreadNotes(compareRecords([rounds(0), rounds(20)]))).toEqual([
      '± is the 95 % interval of the difference of the means over the rounds (Welch).',
    ]);
  });

  test('says where its spreads come from', () => {
    expect(spreadNotes(pair)).toEqual([
      '±ᵉ is from theory’s 95 % interval for one run, widened by how requests fell on the workers; give --rounds 5 to measure it instead.',
      '±? stands where the spread is not known: one run each, and no theory for it. Nothing is called better there; give --rounds 5.',
    ]);
    expect(spreadNotes(three)).toHaveLength(2);
    expect(spreadNotes(compareRecords([run('a', 0), distinctRecord([])]))).toEqual([]);
  });

  test('has a table of what differed before', () => {
    expect(differenceTable(pair)).toEqual({
      columns: [...['differs', 'A', 'B'].map((label) => ({ label, format: null }))],
      rows: [
        ['workers', '2', '4'],
        ['requests', '4000', '–'],
        ['timeoutSeconds', 'none', '–'],
      ],
    });
  });
});

describe('as CSV', () => {
  test('it has a line for each figure of each run, with exact numbers', () => {
    const [head, ...lines] = comparisonCsv(pair).trimEnd().split('\r\n');
    expect(head).toBe(
      'arm,figure,run,id,rounds,mean,differenceFromFirst,halfWidth,spreadFrom,verdict',
    );
    expect(lines).toHaveLength(20);
    expect(lines.slice(0, 6)).toEqual([
      '1 worker,misses,A,first,1,114,,,,',
      `1 worker,misses,B,second,1,144,30,${Math.hypot(3, 3) + 10},expectation,worse`,
      '1 worker,hitRate,A,first,1,0.04,,,,',
      expect.stringMatching(
        /^1 worker,hitRate,B,second,1,0\.05,0\.01\d*,0\.012\d+,expectation,not told$/,
      ),
      '1 worker,originQueries,A,first,1,41,,,,',
      '1 worker,originQueries,B,second,1,51,10,,unknown,not told',
    ]);
  });

  test('runs without the figure have no line', () => {
    const lines = comparisonCsv(three).trimEnd().split('\r\n').slice(1, 3);
    expect(lines[0]).toBe('1 worker,misses,A,first,1,114,,,,');
    expect(lines[1]).toMatch(/^1 worker,misses,C,third,1,174,60,/);
  });
});

describe('as Markdown', () => {
  test('it says what is compared, what differed, the figures, and their spreads', () => {
    const [runs, caution, differences, figures, ...notes] = plain(
      comparisonMarkdown({ ...pair, cautions: ['Mind *this*.'] }),
    ).split('\n\n');
    expect(runs).toBe('- **A**: npm run lab -- --seed 7\n- **B**: lab \\| more');
    expect(caution).toBe('⚠ Mind \\*this\\*.');
    expect(differences).toBe(
      '| differs | A | B |\n| --- | --- | --- |\n| workers | 2 | 4 |\n| requests | 4000 | – |\n| timeoutSeconds | none | – |',
    );
    expect(figures!.split('\n').slice(0, 3)).toEqual([
      '| arm | figure | A | B | B − A | so |',
      '| --- | --- | ---: | ---: | ---: | --- |',
      '| 1 worker | misses | 114 | 144 | +30 ±ᵉ 14 | worse |',
    ]);
    expect(notes).toHaveLength(2);
    expect(comparisonMarkdown(pair)).not.toContain('\n\n\n');
    expect(notes.at(-1)).toMatch(/^±\? stands where .* give --rounds 5\.\n$/);
  });

  test('it leaves out what did not differ', () => {
    const same = comparisonMarkdown(compareRecords([run('a', 0), run('b', 0)]));
    expect(same).not.toContain('differs');
    const starts = same.split('\n\n').map((part) => part.split(' ')[0]);
    expect(starts).toEqual(['-', '|', '±ᵉ', '±?']);
  });

  test('its tables have as many cells in each row, whatever comes from outside', () => {
    const markdown = comparisonMarkdown(compareRecords([hostileRecord(), run('b', 0)]));
    const tables = markdown.split('\n\n').filter((part) => part.startsWith('| '));
    expect(tables.length).toBeGreaterThan(0);
    for (const table of tables) {
      const lines = table.trim().split('\n');
      const widths = lines.map((line) => line.match(/(?<!\\)\|/g)!.length);
      expect(new Set(widths).size).toBe(1);
    }
    expect(markdown).not.toMatch(/(?<!\\)<script/);
  });
});
