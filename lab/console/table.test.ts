import { expect, test } from 'vitest';
import { terminalTable } from './table.ts';

const table = {
  columns: [
    { label: 'worker', format: null },
    { label: 'hit\nrate', format: 'percent' as const },
  ],
  rows: [
    ['1', 0.5],
    ['all', 1],
  ],
};

test('a table stands in columns where there is room, else one figure on each line', () => {
  expect(terminalTable(table, [], 20).replaceAll('\u00a0', ' ').split('\n')).toEqual([
    expect.stringContaining('hit'),
    expect.stringContaining('rate'),
    '  1        50.0 %',
    '  all     100.0 %',
  ]);
  expect(terminalTable(table, [], 12).replaceAll('\u00a0', ' ')).toBe(
    '  worker: 1\n    hit rate: 50.0 %\n  worker: all\n    hit rate: 100.0 %',
  );
});
