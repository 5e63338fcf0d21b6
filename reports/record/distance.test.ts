import { describe, expect, test } from 'vitest';
import { agreementInWords, distance } from './distance.ts';
import { agreesWith } from './estimate.ts';
import type { Estimate, Finding, Interval } from './schema.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const CHANCE: Interval = { kind: 'chance', share: 0.95, how: 'a test', step: 0 };
const TOLERANCE: Interval = { kind: 'tolerance', reason: 'for what is not content' };

/** 50, from 45 to 53 unless said otherwise. */
const estimate = (interval: Interval, change: Partial<Estimate> = {}): Estimate => ({
  ...{ value: 50, low: 45, high: 53, interval, source: 'a test', by: 'formula' },
  ...change,
});
const exactly = (value: number): Estimate =>
  estimate({ kind: 'exact' }, { value, low: value, high: value });
const finding = (expected: Estimate | null, measured: number | null, unit = 'misses'): Finding => ({
  ...{ claim: 'C4', what: `it, ${measured}`, unit, expected, measured },
  agrees: agreesWith(expected, measured),
});

describe('the distance from what was expected', () => {
  const text = (...of: Parameters<typeof finding>) => plain(distance(finding(...of)));

  test('is said with what chance allows, twice a 95 % interval to each side', () => {
    const even = estimate(CHANCE, { high: 55 });
    expect(text(even, 46)).toBe('4 apart; chance allows ± 10');
    expect(text(even, 61)).toBe('11 apart; chance allows ± 10');
    expect(text(estimate(CHANCE), 50)).toBe('0 apart; chance allows 6 to this side');
    expect(text(estimate(CHANCE), 49)).toBe('1 apart; chance allows 10 to this side');
  });

  test('of counts is even but for a step to either side', () => {
    const counted = estimate({ ...CHANCE, step: 1 }, { value: 40.44, low: 36, high: 44 });
    expect(text(counted, 38)).toBe('2.4 apart; chance allows ± 8.9');
    expect(text(counted, 1_540)).toBe('1,500 apart; chance allows ± 7.1');
  });

  test('of shares is in points, of bytes in their unit', () => {
    const share = estimate({ ...CHANCE, share: 0.9999 }, { value: 0.5, low: 0.471, high: 0.529 });
    expect(text(share, 0.507, 'share')).toBe('0.7 points apart; chance allows ± 2.9 points');
    const [value, half] = [50 * 2 ** 20, 4.5 * 2 ** 20];
    const bytes = estimate(TOLERANCE, { value, low: value - half, high: value + half });
    expect(text(bytes, value + 2 ** 20, 'bytes')).toBe(
      '1.0 MiB apart; the tolerance is ± 4.5 MiB: for what is not content',
    );
  });

  test('is none where it is exactly that, was not measured, or nothing was expected', () => {
    expect(text(exactly(4), 4)).toBe('exactly that');
    expect(text(exactly(4), 5)).toBe('1 apart; nothing is left to chance');
    expect(text(exactly(4), null)).toBe('not measured');
    expect(text(null, 5)).toBe('only measured');
  });
});

describe('what findings come to', () => {
  const text = (...findings: Finding[]) => plain(agreementInWords(findings));

  test('is the one that is furthest from what was expected, as a share of what is allowed', () => {
    const near = finding(estimate(CHANCE), 43);
    const further = finding(estimate(CHANCE), 55);
    const model = finding(estimate(TOLERANCE, { by: 'model' }), 52.9);
    expect(text(near, finding(exactly(1), 1), further, finding(null, 9))).toBe(
      'Furthest from theory: it, 55, 5 apart; chance allows 6 to this side.',
    );
    expect(text(near, further, model)).toBe(
      'Furthest from the model: it, 52.9, 2.9 apart; the tolerance is 3 to this side: for what is not content.',
    );
  });

  test('is the one that disagrees, before all others', () => {
    const doubt = 'Look at the figures before you believe either.';
    const off = finding(estimate(CHANCE), 57);
    expect(text(finding(estimate(CHANCE), 55), off)).toBe(
      `Not as theory expects: it, 57, 7 apart; chance allows 6 to this side. ${doubt}`,
    );
    expect(text(off, finding(exactly(1), 2))).toBe(
      `Not as theory expects: it, 2, 1 apart; nothing is left to chance. ${doubt}`,
    );
    expect(text(off, finding(estimate(CHANCE), null))).toContain('it, null, not measured.');
  });

  test('is said of exact ones alone by their number', () => {
    const own = finding({ ...exactly(1), by: 'construction' }, 1);
    expect(text(finding(exactly(1), 1))).toBe('The figure is exactly as theory has it.');
    expect(text(own)).toBe('The figure is exactly as the lab’s own code has it.');
    expect(text(own, finding(exactly(2), 2))).toBe('All 2 figures are exactly as they have to be.');
  });

  test('is nothing where nothing was expected', () => {
    expect(text(finding(null, 3))).toBe('Theory has no figure for this traffic.');
    expect(text()).toBe('');
  });
});
