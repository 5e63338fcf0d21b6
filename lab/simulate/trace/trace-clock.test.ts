import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TraceClock } from './trace-clock.ts';

/** What the clock makes of recorded times; each stands in the same batch. */
function read(recorded: readonly number[]) {
  const seconds: number[] = [];
  const clock = new TraceClock((from, value) => seconds.fill(value, from));
  recorded.forEach((time, i) => {
    seconds.push(clock.read(time, i + 1, i));
  });
  return { seconds, clock };
}

const YEAR = 365 * 86_400;
const START = 1.7e9;
const from = (first: number, count: number, step = 1) =>
  Array.from({ length: count }, (_, i) => first + i * step);

describe('the clock of a trace', () => {
  test('counts from the first request, and lines out of order happen with the one before', () => {
    const { seconds, clock } = read([10, 15, 12, 16, 15].map((time) => START + time));
    expect(seconds).toEqual([0, 5, 5, 6, 6]);
    expect(clock).toMatchObject({ backwards: 2, largestStepBackSeconds: 3, repaired: 0 });
  });

  test('gives lines far in the future the time of the line before', () => {
    const { seconds, clock } = read([0, 1, YEAR, 2 * YEAR, YEAR, 2, 3]);
    expect(seconds).toEqual([0, 1, 1, 1, 1, 2, 3]);
    expect(clock).toMatchObject({ backwards: 0, repaired: 3, firstRepairedLine: 3, now: 3 });
    expect(clock.largestGap).toEqual({ line: 2, seconds: 1 });
  });

  test('begins again when the first lines are far in the future', () => {
    const { seconds, clock } = read([START + YEAR, START, START + 1, START + 2]);
    expect(seconds).toEqual([0, 0, 1, 2]);
    expect(clock).toMatchObject({ repaired: 1, firstRepairedLine: 1, backwards: 0 });
  });

  test('believes a gap that lasts, and says where the longest is', () => {
    const night = [...from(0, 50), ...from(8 * 3600, 150), 3600];
    const { seconds, clock } = read(night);
    expect(seconds).toEqual([...from(0, 50), ...from(8 * 3600, 150), 8 * 3600 + 149]);
    expect(clock).toMatchObject({ repaired: 0, backwards: 1 });
    expect(clock.largestGap).toEqual({ line: 51, seconds: 8 * 3600 - 49 });
  });

  test('waits for so many requests and no longer', () => {
    // 99 requests after the jump it is still taken back, 100 after it no more.
    expect(read([0, ...from(YEAR, 100), 1]).clock).toMatchObject({ repaired: 100, now: 1 });
    expect(read([0, ...from(YEAR, 101), 1]).clock).toMatchObject({ repaired: 0, now: YEAR + 100 });
    expect(read([0, ...from(YEAR, 100)]).clock.unsettledFrom).toBe(1);
    expect(read([0, ...from(YEAR, 101)]).clock.unsettledFrom).toBeNull();
  });

  test('goes on from where it was when it is set back for good', () => {
    const { seconds, clock } = read([...from(10_000, 200), ...from(6_600, 200)]);
    // A hundred requests show it; these happen at once.
    expect(seconds.slice(199, 300)).toEqual(Array(101).fill(199));
    expect(seconds.slice(300)).toEqual(from(200, 100));
    expect(clock.stepsBack).toEqual([{ line: 300, seconds: 3500 }]);
    expect(clock).toMatchObject({ backwards: 0, repaired: 0 });
  });

  test('is not set back by late lines, however many, if they are less than a minute late', () => {
    const late = from(0, 500).flatMap((time) => [time + 60, time]);
    expect(read(late).clock).toMatchObject({ stepsBack: [], now: 499, backwards: 500 });
  });

  test('never goes back, and changes nothing where times are in order', () => {
    const times = fc.array(fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.constant(YEAR)));
    fc.assert(
      fc.property(times, (recorded) => {
        const { seconds } = read(recorded);
        expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
        const sorted = recorded.toSorted((a, b) => a - b);
        expect(read(sorted).seconds).toEqual(sorted.map((time) => time - sorted[0]!));
      }),
      { seed: 1 },
    );
  });
});
