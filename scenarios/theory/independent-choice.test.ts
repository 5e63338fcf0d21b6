import { expect, test } from 'vitest';
import { busiestShare } from './independent-choice.ts';

test('one choice makes one worker the busiest, one worker always is', () => {
  const all = { value: 1, low: 1, high: 1 };
  expect(busiestShare({ choices: 1, workers: 4, seed: 1 })).toMatchObject(all);
  expect(busiestShare({ choices: 9, workers: 1, seed: 1 })).toMatchObject(all);
});

test('two choices among two workers are one each as often as not', () => {
  const two = busiestShare({ choices: 2, workers: 2, seed: 1 });
  expect(two).toMatchObject({ low: 0.5, high: 1, by: 'model' });
  expect(two.value).toBeCloseTo(0.75, 1);
  expect(two.interval).toMatchObject({ kind: 'chance', share: 0.95, step: 0.5 });
});

test('of many choices between two, the busier has half and what the binomial adds', () => {
  const { value, high } = busiestShare({ choices: 1_000, workers: 2, seed: 3 });
  // E|X − n/2| = √(n / 2π), and 97.5 % of |X − n/2| is within 2.24 standard deviations.
  expect(value - 0.5).toBeCloseTo(Math.sqrt(1_000 / (2 * Math.PI)) / 1_000, 2);
  expect(high - 0.5).toBeCloseTo((2.24 * Math.sqrt(250)) / 1_000, 2);
});

test('four times as many choices scatter half as much, also where they are not all drawn', () => {
  const above = (choices: number) => busiestShare({ choices, workers: 5, seed: 1 }).value - 0.2;
  expect(above(250) / above(1_000)).toBeCloseTo(2, 0);
  expect(above(1_000) / above(4_000)).toBeCloseTo(2, 10);
});

test('the same seed gives the same, another another', () => {
  const of = (seed: number) => busiestShare({ choices: 40, workers: 4, seed });
  expect(of(1)).toEqual(of(1));
  expect(of(1).value).not.toBe(of(2).value);
});
