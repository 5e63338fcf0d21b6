import { expect, test } from 'vitest';
import { markdownTable, markdownText } from './markdown.ts';

test('a table has numbers to the right, written as in the report', () => {
  const table = {
    columns: [
      { label: 'arm', format: null },
      { label: 'hit rate', format: 'percent' as const },
      { label: 'misses', format: 'count' as const },
    ],
    rows: [
      ['1 worker', 0.95, 200],
      ['4 workers', null, 1_204],
    ],
  };
  expect(markdownTable(table).replaceAll('\u00a0', ' ')).toBe(
    '| arm | hit rate | misses |\n' +
      '| --- | ---: | ---: |\n' +
      '| 1 worker | 95.0 % | 200 |\n' +
      '| 4 workers | – | 1,204 |\n',
  );
});

test('nothing in a cell ends it, and a cell that looks like a rule stays one', () => {
  const table = {
    columns: [{ label: 'a | b', format: null }],
    rows: [['c|d'], ['---'], ['e\nf'], ['-:-']],
  };
  expect(markdownTable(table)).toBe('| a \\| b |\n| --- |\n| c\\|d |\n| --- |\n| e f |\n| -:- |\n');
});

test('text from outside stays text', () => {
  expect(markdownText('*a* _b_ [c](d) `e` <f> ~g~ \\h')).toBe(
    '\\*a\\* \\_b\\_ \\[c\\](d) \\`e\\` \\<f\\> \\~g\\~ \\\\h',
  );
  expect(markdownText('one \n\n two')).toBe('one two');
  expect(markdownText('\u202Eabc')).toBe('‹U+202E›abc');
});
