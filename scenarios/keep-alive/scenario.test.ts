import { describe, expect, test } from 'vitest';
import type { Arm } from '../../reports/record/schema.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import { disagreeing, judged } from '../kit/fixtures/judged.ts';
import { factsOf, planned, refusals } from '../kit/fixtures/options.ts';
import { keepAlive } from './scenario.ts';

/** 1,000 requests spread over workers as given; each asked one misses 100 and one more per slot. */
function arm(given: Partial<Arm>, requests: number[], expected = 0) {
  const workers = requests.map((own, i) => {
    const cold = own === 0 ? 0 : 101 + i;
    const hits = own - cold;
    const hitRate = own === 0 ? null : hits / own;
    return {
      ...{ requests: own, hits, misses: { cold, expired: 0, evicted: 0 }, hitRate },
      connections: 2 * i + 1,
    };
  });
  const missed = workers.reduce((sum, { misses }) => sum + misses.cold, 0);
  const value = expected || missed;
  const misses = {
    ...{ value, low: value - 10, high: value + 10 },
    interval: { kind: 'chance', share: 0.95, how: 'a test', step: 1 } as const,
    ...{ source: 'occupancy', by: 'formula' as const },
  };
  const totals = {
    ...{ requests: 1_000, hits: 1_000 - missed, hitRate: 1 - missed / 1_000 },
    misses: { cold: missed, expired: 0, evicted: 0 },
  };
  return recordedArm({
    ...{ workers: requests.length, ...given },
    phases: [{ totals, workers, expected: { misses, hitRate: misses } }],
  });
}

const single = arm({ name: '1 connection', connections: 1 }, [0, 1_000, 0, 0]);
const many = arm({ name: '40 connections', connections: 40 }, [300, 0, 450, 250]);
const fresh = arm({ name: 'fresh', connections: 40, routing: 'fresh' }, [240, 260, 270, 230]);
const kernel = (requests: number[]) =>
  arm({ name: 'kernel', connections: 40, routing: 'fresh', scheduling: 'none' }, requests);

describe('who answers', () => {
  test('follows the connections, and hides the other caches behind one', () => {
    const expected = (value: number, low: number, high: number) =>
      `misses of ${value} (${low} to ${high} in 95 % by a test, step 1; formula: occupancy) ✔`;
    const uneven = kernel([450, 150, 220, 180]);
    expect(judged(keepAlive, [single, many, fresh, uneven])).toEqual({
      agreement: 'agrees',
      sentence:
        'Over one connection 1 worker of 4 answered all 1,000 requests, with a hit rate of 89.8 %, ' +
        'as if there were no other caches. Over 40 connections it was 69.2 % from 3 workers, ' +
        'and with a fresh connection for each request 59.0 % from 4 workers. ' +
        'Of the fresh connections the busiest worker got 27.0 % where workers took turns and 45.0 % where the kernel chose; chance alone explains up to 30.2 %.',
      findings: [
        `C15 misses, 1 connection: 102 ${expected(102, 92, 112)}`,
        'C14 workers that got any request, 1 connection: 1 workers of 1 (exactly; formula: a keep-alive connection stays with its worker) ✔',
        `C15 misses, 40 connections: 308 ${expected(308, 298, 318)}`,
        "– the busiest worker's share of the requests, 40 connections: 0.45 share ·",
        `C15 misses, fresh: 410 ${expected(410, 400, 420)}`,
        "– the busiest worker's share of the requests, fresh: 0.27 share ·",
        `C15 misses, kernel: 410 ${expected(410, 400, 420)}`,
        "– the busiest worker's share of the requests, kernel: 0.45 share ·",
      ],
      exhibits: [
        [
          'bars share-of-requests: Share of the requests by worker, the busiest first',
          'All requests on a keep-alive connection go to one worker. Hatched: the busiest worker’s average share if each connection went to a random worker.',
          'y: share of the requests, percent',
          '1 connection | 40 connections | fresh | kernel',
          'busiest worker, measured: 1 | 0.45 | 0.27 | 0.45',
          '2nd worker, measured: 0 | 0.3 | 0.26 | 0.22',
          '3rd worker, measured: 0 | 0.25 | 0.24 | 0.18',
          '4th worker, measured: 0 | 0 | 0.23 | 0.15',
          'busiest by chance, expected: – | 0.3347 | 0.266291 | 0.266291',
        ],
        [
          'table spread: The busiest worker, and what chance explains',
          'Each choice of a worker counts once: for a keep-alive connection, however many requests it carries, or for a fresh one, which carries one.',
          "arm | connections handed out (count) | the busiest worker's share (percent) | by chance, on average (percent) | by chance, at most (percent) | explained by chance",
          '40 connections | 40 | 0.45 | 0.3347 | 0.5153 | true',
          'fresh | 1000 | 0.27 | 0.266291 | 0.301709 | true',
          'kernel | 1000 | 0.45 | 0.266291 | 0.301709 | false',
        ],
      ],
    });
  });

  test('is not one worker where the requests of one connection reached two', () => {
    const split = arm({ connections: 1, name: 'split' }, [500, 500, 0, 0]);
    expect(disagreeing(keepAlive, [split, many, fresh])).toEqual([
      'workers that got any request, split',
    ]);
  });

  test('decides how many misses there are', () => {
    const odd = arm({ connections: 40, name: 'odd' }, [300, 200, 250, 250], 150);
    expect(disagreeing(keepAlive, [single, odd, fresh])).toEqual(['misses, odd']);
  });

  test('is told of the kernel only as far as it was measured, with the same number of workers', () => {
    const told = (...others: ReturnType<typeof kernel>[]) =>
      judged(keepAlive, [single, many, fresh, ...others]).sentence;
    const turns = 'got 27.0 % where workers took turns; chance alone explains up to 30.2 %.';
    expect(told()).toContain(turns);
    expect(told({ ...kernel([270, 250, 240, 240]), workers: 8 })).toContain(turns);
  });

  test('is told of an arm with many connections, of one, and of fresh ones, or not at all', () => {
    const few = arm({ connections: 3, name: '3 connections' }, [300, 300, 400, 0]);
    const told = judged(keepAlive, [single, few, many, fresh]).sentence;
    expect(told).toBe(judged(keepAlive, [single, many, fresh]).sentence);
    for (const arms of [
      [few, many, fresh],
      [single, many],
      [single, few, fresh],
    ]) {
      expect(judged(keepAlive, arms).sentence).toMatch(/^Nothing was measured\./);
    }
  });

  test('is drawn for the eight busiest workers, and is unknown where there are fewer', () => {
    const ten = arm({ connections: 40, name: 'ten' }, new Array(10).fill(100));
    const [bars] = judged(keepAlive, [ten, many]).exhibits;
    expect(bars!.slice(-4)).toEqual([
      '6th worker, measured: 0.1 | –',
      '7th worker, measured: 0.1 | –',
      '8th worker, measured: 0.1 | –',
      'busiest by chance, expected: 0.1826 | 0.3347',
    ]);
  });
});

test('what it is about, and what it plans', () => {
  expect(factsOf(keepAlive)).toEqual({
    name: 'keep-alive',
    question:
      'The same requests over one connection, over many, over a new one each: which workers answer?',
    claims: ['C15', 'C14'],
    seconds: 11,
    originOrders: 20_000,
    defaults: { requests: 1_200 },
    quick: { workers: [2], connections: 12, requests: 400, keys: 60 },
    unused: {
      routing: 'it compares them.',
      ratePerSecond: 'it is about which worker answers, not how fast.',
      rounds: 'use --seed for other keys.',
    },
  });
  const kernel = { workers: 4, scheduling: 'none' };
  expect(planned(keepAlive)).toEqual([
    { name: '1 connection', workers: 4, connections: 1 },
    { name: '3 connections', workers: 4, connections: 3 },
    { name: '40 connections', workers: 4 },
    { name: 'a fresh one each', workers: 4, routing: 'fresh' },
    { name: '40 connections, the kernel chooses', ...kernel },
    { name: 'a fresh one each, the kernel chooses', ...kernel, routing: 'fresh' },
  ]);
  // pm2 cannot leave the choice to the kernel.
  expect(
    planned(keepAlive, { launchers: ['pm2'], workers: [2, 4] }).map(({ name }) => name),
  ).toEqual([
    '1 connection, 2 workers',
    '3 connections, 2 workers',
    '40 connections, 2 workers',
    'a fresh one each, 2 workers',
    '1 connection, 4 workers',
    '3 connections, 4 workers',
    '40 connections, 4 workers',
    'a fresh one each, 4 workers',
  ]);
});

test('what it refuses', () => {
  expect(refusals(keepAlive, { connections: 4 })).toEqual([]);
  expect(refusals(keepAlive, { workers: [1, 2], connections: 3, popularity: 'cyclic' })).toEqual([
    'workers: with one worker there is no choice; give 2 or more',
    'connections: it has arms with 1 and 3 already; use 4 or more',
    'popularity: a cycle falls into step with the routing, and theory assumes random keys',
  ]);
});
