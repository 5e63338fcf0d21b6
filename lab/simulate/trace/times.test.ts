import { expect, test } from 'vitest';
import { dateInSeconds, TimeReader, type TimeUnit } from './times.ts';

const NINE = Date.UTC(2026, 0, 12, 9, 0, 1) / 1000;

test.each([
  ['2026-01-12T09:00:01Z', NINE],
  ['2026-01-12T09:00:01.25Z', NINE + 0.25],
  ['2026-01-12T09:00:01,250+0000', NINE + 0.25],
  ['2026-01-12 09:00:01 UTC', NINE],
  ['2026-01-12 09:00:01', NINE],
  ['2026-01-12\t09:00:01', NINE],
  ['2026-01-12T10:00:01+01:00', NINE],
  ['2026-01-12 03:30:01 -0530', NINE],
  ['2026-01-12T09:00', NINE - 1],
  ['2026-01-12', NINE - 9 * 3600 - 1],
  ['12/Jan/2026:10:00:01 +0100', NINE],
  ['12/Jan/2026:09:00:01', NINE],
  ['12/Jan/2026:09:00:01.250', NINE + 0.25],
])('%s is a date', (text, seconds) => {
  expect(dateInSeconds(text)).toBe(seconds);
});

test.each([
  '',
  'soon',
  'user 1',
  '2026-13-01',
  '2026-02-30',
  '30/Feb/2026:09:00:01',
  '12/Jen/2026:09:00:01',
  '09:00:01',
])('%j is none', (text) => {
  expect(dateInSeconds(text)).toBeNaN();
});

test.each([
  ['1768208401.25', 'auto', 1768208401.25],
  ['1768208401250', 'auto', 1768208401.25],
  ['1768208401250000', 'auto', 1768208401.25],
  ['1768208401250000000', 'auto', 1768208401.25],
  ['99999999999', 'auto', 99999999999],
  ['250', 'auto', 250],
  ['250', 'ms', 0.25],
  ['250', 'us', 0.00025],
  [' -5 ', 'auto', -5],
  ['1e3', 's', 1000],
] as [string, TimeUnit | 'auto', number][])('%s in %s', (text, unit, seconds) => {
  expect(new TimeReader(unit).seconds(text)).toBeCloseTo(seconds, 6);
});

test('the first number tells the unit of all', () => {
  const times = new TimeReader('auto');
  expect([times.seconds('1768208401250'), times.seconds('250')]).toEqual([1768208401.25, 0.25]);
  expect(() => new TimeReader('s').seconds('1768208401250')).toThrow('past the year 5000 in s');
});

test.each(['', ' ', '.', '-', 'Infinity', '-Infinity', 'NaN', '0x10'])('%j is no time', (text) => {
  expect(new TimeReader('s').seconds(text)).toBeNaN();
});
