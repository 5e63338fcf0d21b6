import { describe, expect, it, test } from 'vitest';
import {
  count,
  counted,
  type Format,
  formatValue,
  inPoints,
  inWords,
  onAxis,
  percent,
  points,
} from './format.ts';

/** With a plain space for the one that does not break. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const written = (value: number | null, format: Format) => plain(formatValue(value, format));

describe('a share', () => {
  it('is whole where only a computation left it a little off', () => {
    expect(written(1 - 1e-14, 'percent')).toBe('100.0 %');
    expect(written(0.9e-9, 'percent')).toBe('0.0 %');
    expect(written(1e-9, 'percent')).toBe('0.0000 %');
  });

  it('has one decimal', () => {
    expect(written(0.8234, 'percent')).toBe('82.3 %');
    expect(written(1, 'percent')).toBe('100.0 %');
    expect(written(0, 'percent')).toBe('0.0 %');
  });

  it('never pretends to be all or nothing', () => {
    expect(written(0.9998, 'percent')).toBe('99.98 %');
    expect(written(0.0001, 'percent')).toBe('0.01 %');
    expect(written(0.99951, 'percent')).toBe('99.95 %');
    expect(written(0.0000004, 'percent')).toBe('0.0000 %');
    expect(written(1.0001, 'percent')).toBe('100.0 %');
  });
});

test.each<[Format, number, string]>([
  ['count', 12_345.4, '12,345'],
  ['micros', 0.5, '0.5 µs'],
  ['micros', 99.96, '100 µs'],
  ['micros', 431.4, '431 µs'],
  ['micros', 999, '999 µs'],
  ['micros', 1_000, '1 ms'],
  ['micros', 2_345, '2.35 ms'],
  ['micros', 999_000, '999 ms'],
  ['micros', 1_000_000, '1 s'],
  ['micros', 1_500_000, '1.5 s'],
  ['micros', 1_234_000_000, '1234 s'],
  ['seconds', 1.44, '1.4 s'],
  ['bytes', 13 * 2 ** 20, '13.0 MiB'],
  ['bytes', 1023 * 2 ** 20, '1023.0 MiB'],
  ['bytes', 2 ** 30, '1.0 GiB'],
  ['times', 3.649, '3.6 ×'],
  ['times', 9.99, '10.0 ×'],
  ['times', 10, '10 ×'],
  ['times', 1_234.5, '1,235 ×'],
  ['number', 1.23456, '1.23'],
  ['number', 12_345, '12,345'],
])('as %s, %d is %s', (format, value, text) => {
  expect(written(value, format)).toBe(text);
});

test('what is not known is a dash in tables and a word in sentences', () => {
  expect(formatValue(null, 'count')).toBe('–');
  expect(inWords(null, 'micros')).toBe('unknown');
  expect(percent(undefined)).toBe('unknown');
  expect(plain(percent(0.5))).toBe('50.0 %');
});

test('a number and its unit are not broken apart', () => {
  for (const [format, text] of [
    ['percent', '100.0\u00a0%'],
    ['micros', '1\u00a0µs'],
    ['seconds', '1.0\u00a0s'],
    ['bytes', '0.0\u00a0MiB'],
    ['times', '1.0\u00a0×'],
  ] as const) {
    expect(formatValue(1, format)).toBe(text);
  }
  expect(points(0.0291)).toBe('2.9\u00a0points');
  expect(inPoints(0.0291)).toBe('2.9');
});

test('an axis has no decimals that it does not need', () => {
  expect(plain(onAxis(0.5, 'percent'))).toBe('50 %');
  expect(plain(onAxis(0.025, 'percent'))).toBe('2.5 %');
  expect(plain(onAxis(1_500, 'micros'))).toBe('1.5 ms');
});

test('counts agree in number, and thousands are grouped', () => {
  expect(count(1_234)).toBe('1,234');
  expect(plain(counted(1, 'worker'))).toBe('1 worker');
  expect(plain(counted(4_000, 'worker'))).toBe('4,000 workers');
  expect(plain(counted(2, 'query', 'queries'))).toBe('2 queries');
  expect(plain(counted(0, 'worker'))).toBe('0 workers');
});
