import { expect, test } from 'vitest';
import { csvField, csvOf } from './csv.ts';

test.each([
  ['plain', 'plain'],
  ['', ''],
  ['a, b', '"a, b"'],
  ['say "no"', '"say ""no"""'],
  ['two\nlines', '"two\nlines"'],
  ['a return\r', '"a return\r"'],
])('the field %j is written %j', (text, field) => {
  expect(csvField(text)).toBe(field);
});

test.each([
  ['=1+1', "'=1+1"],
  ['+cmd', "'+cmd"],
  ['-2+3', "'-2+3"],
  ['@sum', "'@sum"],
  ['\tx', "'\tx"],
  ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
  ['a=b', 'a=b'],
])('a spreadsheet does not take %j for a formula', (text, field) => {
  expect(csvField(text)).toBe(field);
});

test('numbers are no formulas', () => {
  expect(csvField('-12.5')).toBe('-12.5');
  expect(csvField('+3')).toBe('+3');
});

test('rows are lines, ended as in RFC 4180; what is not known is empty', () => {
  const rows = [
    ['name', 'a, b', true],
    [-0.1234567891, null, 1e21],
  ];
  expect(csvOf(rows)).toBe('name,"a, b",true\r\n-0.1234567891,,1e+21\r\n');
  expect(csvOf([])).toBe('');
});
