import { expect, test } from 'vitest';
import { distinctPhase } from './fixtures/distinct-figures.ts';
import { expectedColumns, measureColumns } from './measure-columns.ts';
import { MEASURES, type Part } from './measures.ts';
import { cellText, tableOf } from './table.ts';

const { lookups, hitRate, misses, failures } = MEASURES;
const phase = distinctPhase('traffic', 0);
const silent = { ...phase, expected: null, totals: { ...phase.totals, hitRate: null } };

test('a table has a row for each item, and text in a column without a format', () => {
  const table = tableOf(
    [3, 4],
    [
      ['name', (item) => `no. ${item}`],
      ['twice', (item) => 2 * item, 'count'],
    ],
  );
  expect(table).toEqual({
    columns: [
      { label: 'name', format: null },
      { label: 'twice', format: 'count' },
    ],
    rows: [
      ['no. 3', 6],
      ['no. 4', 8],
    ],
  });
});

test('a cell is written as its column says, and what is not known is a dash', () => {
  const count = { label: '', format: 'count' } as const;
  const texts = ([1_234.5, '<b>', null, true, false] as const).map((cell) => cellText(cell, count));
  expect(texts).toEqual(['1,235', '<b>', '–', 'yes', 'no']);
  expect(cellText(1.234, { label: '', format: null })).toBe('1.23');
});

test('a measure is a column; of a rate without lookups it says why there is none', () => {
  const parts: Part[] = [{ phase }, { phase, worker: phase.workers[1]! }, { phase: silent }];
  expect(tableOf(parts, measureColumns([lookups, misses, hitRate, failures]))).toEqual({
    columns: [
      { label: 'lookups', format: 'count' },
      { label: 'misses', format: 'count' },
      { label: 'hit rate', format: 'percent' },
      { label: 'responses that were not 2xx', format: 'count' },
    ],
    rows: [
      [149, 114, 0.04, 34],
      [822, 618, 0.209, null],
      [149, null, 'no traffic', 34],
    ],
  });
});

test('what theory expects is three columns', () => {
  const parts: Part[] = [{ phase }, { phase, worker: phase.workers[1]! }, { phase: silent }];
  expect(tableOf(parts, expectedColumns(misses))).toEqual({
    columns: ['expected misses', 'from', 'to'].map((label) => ({ label, format: 'count' })),
    rows: [
      [46, 43, 49],
      [228, 226, 230],
      [null, null, null],
    ],
  });
  expect(tableOf([{ phase }], expectedColumns(lookups)).rows).toEqual([[null, null, null]]);
});
