import { mersenne } from 'pure-rand/generator/mersenne';
import { describe, expect, test } from 'vitest';
import { WorkerLife } from './worker-life.ts';

/** How many requests each life serves, one request at a time or as many as it can. */
function lives(
  replacement: Partial<ConstructorParameters<typeof WorkerLife>[0]>,
  seconds: readonly number[],
  most: number,
): number[] {
  const never = { everySeconds: Infinity, maxRequests: Infinity, jitter: 0 };
  const life = new WorkerLife({ ...never, ...replacement }, mersenne(1));
  const times = Float64Array.from(seconds);
  const served = [0];
  for (let at = 0; at < times.length; ) {
    if (life.isReplaced(times[at]!)) served.push(0);
    const end = life.serve(times, at, Math.min(times.length, at + most));
    served[served.length - 1]! += end - at;
    at = end;
  }
  expect(life.ends).toBe(served.length - 1);
  return served;
}

describe.each([1, 3, 1_000])('with %i requests at a time', (most) => {
  test('a worker is replaced after its requests', () => {
    const seconds = new Array<number>(10).fill(0);
    expect(lives({ maxRequests: 4 }, seconds, most)).toEqual([4, 4, 2]);
    expect(lives({ maxRequests: 5 }, seconds, most)).toEqual([5, 5]);
  });

  test('all are replaced at the same times, those that nobody sees included', () => {
    const seconds = [0, 5, 9.9, 10, 15, 41, 42, 49.9, 50];
    expect(lives({ everySeconds: 10 }, seconds, most)).toEqual([3, 2, 3, 1]);
  });

  test('whatever comes first', () => {
    const seconds = [0, 1, 2, 3, 4, 10, 11, 12, 13, 14];
    expect(lives({ everySeconds: 10, maxRequests: 3 }, seconds, most)).toEqual([3, 2, 3, 2]);
  });

  test('chance adds to the requests of each life', () => {
    const served = lives({ maxRequests: 10, jitter: 5 }, new Array(5_000).fill(0), most);
    const whole = served.slice(0, -1);
    expect([Math.min(...whole), Math.max(...whole)]).toEqual([10, 15]);
  });
});
