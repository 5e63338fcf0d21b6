import { expect, test } from 'vitest';
import { rowsOf, sectionsOf } from './markdown.ts';

const TABLE = `Words before.

| word | meaning |
| --- | --- |
| hit | found |
| LRU | |
`;

test('a table gives a row for each line under its head, with the cells by name', () => {
  expect(rowsOf(TABLE, 'word', 'meaning')).toEqual([
    { word: 'hit', meaning: 'found' },
    { word: 'LRU', meaning: '' },
  ]);
  expect(rowsOf('No table.', 'word')).toEqual([]);
});

test('a row with a cell too many or too few is refused, and shown', () => {
  expect(() => rowsOf(`${TABLE}| arm | one | two |\n`, 'word', 'meaning')).toThrow(
    'this row needs 2 cells: | arm | one | two |',
  );
});

test('sections are told apart by their headings', () => {
  const sections = sectionsOf('# All\n\n## One\n\nFirst.\n\nSecond.\n\n## Two\n\nThird.\n');
  expect(sections.map(({ heading, lines }) => [heading, ...lines.slice(0, 2)])).toEqual([
    ['One', 'First.', 'Second.'],
    ['Two', 'Third.', ''],
  ]);
});
