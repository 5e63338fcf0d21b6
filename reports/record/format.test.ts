import { describe, expect, it } from 'vitest';
import { formatMicros, formatPercent, formatValue, plural } from './format.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('a share', () => {
  it('has one decimal', () => {
    expect(plain(formatPercent(0.8234))).toBe('82.3 %');
    expect(plain(formatPercent(1))).toBe('100.0 %');
    expect(plain(formatPercent(0))).toBe('0.0 %');
  });
  it('never pretends to be all or nothing', () => {
    expect(plain(formatPercent(0.9998))).toBe('99.98 %');
    expect(plain(formatPercent(0.0001))).toBe('0.01 %');
  });
  it('is a dash, not zero, when there was nothing to take a share of', () => {
    expect(formatPercent(null)).toBe('–');
  });
});

describe('a time', () => {
  it('is in the unit that people read', () => {
    expect(plain(formatMicros(431))).toBe('431 µs');
    expect(plain(formatMicros(2_345))).toBe('2.35 ms');
    expect(plain(formatMicros(1_500_000))).toBe('1.5 s');
  });
});

it('groups thousands and agrees in number', () => {
  expect(formatValue(12_345, 'count')).toBe('12,345');
  expect(plain(plural(1, 'worker'))).toBe('1 worker');
  expect(plain(plural(4, 'worker'))).toBe('4 workers');
});
