import { describe, expect, test } from 'vitest';
import { recordedArm } from '../kit/fixtures/arm.ts';
import { disagreeing, judged } from '../kit/fixtures/judged.ts';
import { factsOf, planned, refusals } from '../kit/fixtures/options.ts';
import { expiry } from './scenario.ts';

/**
 * 10 s at 100 requests a second over ten equally popular keys that live for 1 s; `modelled` is what
 * the model gives at the measured times, here for an even flow, so that the formula holds too.
 */
function arm(workers: number, hitRate: number, modelled = workers === 1 ? 0.909 : 0.714) {
  const estimate = {
    ...{ value: modelled, low: modelled - 0.03, high: modelled + 0.02 },
    interval: { kind: 'chance', share: 0.95, how: 'a test', step: 0.001 } as const,
    ...{ source: 'the model', by: 'model' as const },
  };
  return recordedArm({
    workers,
    ratePerSecond: 100,
    cache: { maxEntries: 300, timeoutSeconds: 1, cullFrequency: 3 },
    workload: { popularity: 'uniform', zipf: 0, keys: 10, seed: 1 },
    phases: [
      { name: 'settling', totals: { requests: 1, originQueries: 1 } },
      {
        ...{ name: 'steady', durationMillis: 10_000, requestsPerSecond: 100 },
        expected: { hitRate: estimate, misses: estimate },
        workers: Array.from({ length: workers }, () => ({ requests: 1_000 / workers })),
        totals: { requests: 1_000, hitRate, originQueries: Math.round(1_000 * (1 - hitRate)) },
      },
    ],
  });
}

describe('entries that expire', () => {
  // By hand: each key comes 10 times a second to one worker, x = 10, x/(1 + x) = 10/11;
  // with 4 workers 2.5 times a second to each, 2.5/3.5.
  test('cost each worker its own query: 10/11 and 2.5/3.5 agree with the formula', () => {
    const { exhibits, ...verdict } = judged(expiry, [arm(1, 0.91), arm(4, 0.72)]);
    const model = (step: number) => `in 95 % by a test, step ${step}; model: the model) ✔`;
    const formula =
      'in 95 % by a test, step 0.001; formula: Σ p·x/(1 + x), x = λ·p·T (Jung, Berger, Balakrishnan); the scatter of a run is simulated) ✔';
    expect(verdict).toEqual({
      agreement: 'agrees',
      sentence:
        'At 100 requests per second and a timeout of 1 s, one worker sent the database 9 ' +
        'queries per second and 4 workers 28 (3.1 ×); the hit rate went from 91.0 % to 72.0 %, and ' +
        'stays there.',
      findings: [
        `C11 hit rate, with 1 worker: 0.91 share of 0.909 (0.879 to 0.929 ${model(0.001)}`,
        `C11 queries per second that reach the database, with 1 worker: 9 queries/s of 9.1 (7.1 to 12.1 ${model(0)}`,
        `C11 hit rate against the formula for an even flow, with 1 worker: 0.91 share of 0.909091 (0.879091 to 0.929091 ${formula}`,
        `C11 hit rate, with 4 workers: 0.72 share of 0.714 (0.684 to 0.734 ${model(0.001)}`,
        `C11 queries per second that reach the database, with 4 workers: 28 queries/s of 28.6 (26.6 to 31.6 ${model(0)}`,
        `C11 hit rate against the formula for an even flow, with 4 workers: 0.72 share of 0.714286 (0.684286 to 0.734286 ${formula}`,
        'C15 hit rate of one worker above that of 4 workers: 0.19 share of 0.195 (0.159645 to 0.230355 in 95 % by both intervals, added as independent, step 0; model: what is expected of the one, less what is expected of the other) ✔',
      ],
    });
    expect(exhibits[0]).toEqual([
      'bars queries-per-second: Queries per second that reach the database',
      'Every worker’s own copy expires, and the worker reads it again. A key that all workers need all the time costs N times as much, a rare one hardly more.',
      'y: queries per second, number',
      '1 worker | 4 workers',
      'measured, measured: 9 | 28',
      'expected, expected: 9.09091 | 28.5714',
    ]);
    const curve = exhibits[1]!;
    expect(curve.slice(0, 3)).toEqual([
      'lines hit-rate-over-workers: Hit rate over the number of workers',
      'At 100 requests per second in all and a timeout of 1 s. This loss does not fade as caches warm up.',
      'x: workers, count; y: hit rate, percent',
    ]);
    // x/(1 + x) with x = 10/N.
    const even = Array.from({ length: 16 }, (_, i) => `${i + 1} → ${rounded(10 / (11 + i))}`);
    expect(curve.slice(3)).toEqual([
      `expected, requests spread evenly, expected: ${even.join(' | ')}`,
      'measured, measured: 1 → 0.91 | 4 → 0.72',
    ]);
  });

  test('that cost four workers as little as one disagree', () => {
    expect(disagreeing(expiry, [arm(1, 0.909), arm(4, 0.909)])).toEqual([
      'hit rate, with 4 workers',
      'queries per second that reach the database, with 4 workers',
      'hit rate against the formula for an even flow, with 4 workers',
      'hit rate of one worker above that of 4 workers',
    ]);
  });

  test.each([0.754, 0.674])(
    'whose requests came in heaps are held against the model at their times alone: %f',
    (heaps) => {
      const { agreement, findings } = judged(expiry, [arm(1, 0.909), arm(4, heaps, heaps)]);
      expect(agreement).toBe('agrees');
      expect(findings.at(-2)).toBe(
        `C11 hit rate, as requests came too unevenly for the formula, with 4 workers: ${heaps} share ·`,
      );
    },
  );

  test('are told of one worker alone, and of a timeout that theory knows nothing of', () => {
    expect(judged(expiry, [arm(1, 0.909)]).sentence).toMatch(
      /^One worker sent the database 9 queries per second; give --workers 4 to compare\.$/,
    );
    const unknown = arm(4, 0.72);
    unknown.phases[1]!.expected = null;
    const { agreement, findings, exhibits } = judged(expiry, [unknown]);
    expect(agreement).toBe('not judged');
    expect(findings[1]).toMatch(/: 28 queries\/s ·$/);
    expect(exhibits[0]!.at(-1)).toBe('expected, expected: –');
  });

  test('are drawn for as many workers as there are', () => {
    const [, curve] = judged(expiry, [arm(1, 0.909), arm(20, 0.33, 0.333)]).exhibits;
    expect(curve![3]).toMatch(/ \| 20 → 0\.333333$/);
  });

  test('say so where the machine did not hold the rate', () => {
    const [held, slow] = [arm(1, 0.909), arm(4, 0.714)];
    held.phases[1]!.requestsPerSecond = 90;
    slow.phases[1]!.requestsPerSecond = 89;
    expect(judged(expiry, [held, slow]).sentence).toContain(
      'stays there. This machine did not keep up the rate with 4 workers; reduce --rate to compare the arms.',
    );
    held.phases[1]!.requestsPerSecond = null;
    expect(judged(expiry, [held, slow]).sentence).toContain('with 1 worker and 4 workers; reduce');
  });
});

const rounded = (value: number) => Number(value.toPrecision(6));

test('what it is about, and what it plans', () => {
  expect(factsOf(expiry)).toEqual({
    name: 'expiry',
    question: 'Entries expire after TIMEOUT. How many queries per second do N workers send?',
    claims: ['C11', 'C15'],
    seconds: 11,
    originOrders: 8_000,
    defaults: { keys: 50, ratePerSecond: 400, timeoutSeconds: 0.5, requests: 1_200 },
    quick: { workers: [3], timeoutSeconds: 0.3, requests: 600 },
    unused: {
      connections: 'the rate decides how many connections there are.',
      routing: 'each request comes over a fresh connection, so that every worker gets its share.',
    },
  });
  expect(planned(expiry)).toEqual([
    { name: '1 worker', workers: 1, routing: 'fresh' },
    { name: '4 workers', workers: 4, routing: 'fresh' },
  ]);
});

test('what it refuses', () => {
  expect(refusals(expiry, { requests: 800 })).toEqual([]);
  const wrong = { requests: 799, keys: 301, popularity: 'cyclic' } as const;
  expect(refusals(expiry, wrong)).toEqual([
    'requests: it takes 4 timeouts or more; use 800 or more',
    'keys: a cache holds 300 entries (--max-entries), and nothing may be evicted here',
    'popularity: a cycle falls into step with the routing, and theory assumes random keys',
  ]);
  expect(refusals(expiry, { ratePerSecond: null, timeoutSeconds: null })).toEqual([
    'ratePerSecond: it measures over time, so it needs a --rate, and with fresh connections 1000 is the most',
    'timeoutSeconds: nothing would expire',
  ]);
});
