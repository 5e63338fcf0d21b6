import { describe, expect, test } from 'vitest';
import type { BackendName } from '../../reports/record/vocabulary.ts';
import { armsOf } from '../kit/fixtures/arm.ts';
import { disagreeing, judged } from '../kit/fixtures/judged.ts';
import { factsOf, planned, refusals } from '../kit/fixtures/options.ts';
import { rateLimit } from './scenario.ts';

/** What the replies say is left of 15, counted by hand for each worker or for all together. */
const TOLD = {
  each: [14, 13, 14, 12, 14, 13, 13],
  together: [14, 13, 12, 11, 10, 9, 8],
};

/** Three workers with a limit of 15, of which worker 3 got fewer requests than that. */
function arm(counting: keyof typeof TOLD, { backend = 'locmem' as BackendName } = {}) {
  const each = counting === 'each';
  return armsOf(rateLimit)({
    ...{ workers: 3, backend },
    observations: {
      limit: 15,
      flood: [
        { slot: 1, requests: 35, served: each ? 15 : 9 },
        { slot: 2, requests: 36, served: each ? 15 : 4 },
        { slot: 3, requests: 3, served: each ? 3 : 2 },
      ],
      watched: [1, 1, 2, 1, 3, 2, 3].map((slot, i) => ({ slot, remaining: TOLD[counting][i]! })),
    },
  });
}

const through = '3 workers: requests of one client let through';
const risen = '3 workers: times that the client was told of more requests left than before';

describe('a limit', () => {
  test('that each worker counts for itself lets through more, and seems to rise', () => {
    const count = 'the count of the worker that answers, which counts only its own requests';
    expect(judged(rateLimit, [arm('each')])).toEqual({
      agreement: 'agrees',
      sentence:
        'With a limit of 15 for each client, 3 workers let 33 of 74 requests of one client through ' +
        '(2.2 × the limit), and told a client 2 times that it had more requests left than a moment ' +
        'before.',
      findings: [
        `C17 ${through}: 33 requests of 33 (exactly; formula: each worker lets its first L requests through: Σ min(L, R_w), at most L · N) ✔`,
        `C17 ${risen}: 2 times of 2 (exactly; formula: ${count}) ✔`,
      ],
      exhibits: [
        [
          'bars let-through: Requests let through, with a limit of 15',
          'One client, as fast as it can. Each worker counts what it sees.',
          'y: requests let through, count',
          '3 workers',
          'measured, measured: 33',
          'L · N, expected: 45',
        ],
        [
          'lines remaining: What the client is told it has left',
          'The header X-RateLimit-Remaining, one request after the other, each to a random worker. One worker counts down; several take turns to report their own counts.',
          'x: request, count; y: requests left, count',
          '3 workers, measured: 1 → 14 | 2 → 13 | 3 → 14 | 4 → 12 | 5 → 14 | 6 → 13 | 7 → 13',
        ],
      ],
    });
  });

  test('that holds over all workers disagrees with it', () => {
    expect(disagreeing(rateLimit, [arm('together')])).toEqual([through, risen]);
  });

  test('that they share holds, or it shares nothing', () => {
    const redis = { backend: 'redis' } as const;
    expect(judged(rateLimit, [arm('together', redis)])).toMatchObject({
      agreement: 'agrees',
      findings: [
        `C17 ${through}: 15 requests of 15 (exactly; formula: the limit L) ✔`,
        expect.stringContaining(`${risen}: 0 times of 0 (`),
      ],
    });
    expect(disagreeing(rateLimit, [arm('each', redis)])).toEqual([through, risen]);
    expect(judged(rateLimit, [arm('together', redis)]).exhibits[0]!.at(-1)).toBe(
      'L · N, expected: 15',
    );
  });

  test('is told of the fleet with most counts; of one worker it proves nothing', () => {
    const one = { ...arm('together'), workers: 1, name: '1 worker' };
    const flood = [{ slot: 1, requests: 74, served: 15 }];
    const alone = { ...one, observations: { ...one.observations, flood } };
    const { sentence, findings } = judged(rateLimit, [alone, arm('each')]);
    expect(sentence).toContain('3 workers let 33 of 74');
    expect(findings[0]).toBe(
      '– 1 worker: requests of one client let through: 15 requests of 15 (exactly; formula: the limit L) ✔',
    );
    expect(findings[1]).toMatch(/^– 1 worker: times/);
  });
});

test('what it is about, and what it plans', () => {
  const noPages = 'it requests no user pages, but for a page with a limit per client.';
  const stay = 'its few entries must stay in their caches while it runs.';
  expect(factsOf(rateLimit)).toEqual({
    name: 'rate-limit',
    question: 'A client may make 20 requests. How many does a fleet let through?',
    claims: ['C17'],
    seconds: 2,
    defaults: { requests: 800 },
    quick: { workers: [3], requests: 200 },
    uses: ['backends'],
    unused: {
      ...{ keys: noPages, zipf: noPages, popularity: noPages },
      ...{ maxEntries: stay, timeoutSeconds: stay, cullFrequency: stay },
      originDelayMillis: 'the page is not in the database.',
    },
  });
  expect(planned(rateLimit)).toEqual([
    { name: '1 worker', workers: 1, features: ['limited'] },
    { name: '4 workers', workers: 4, features: ['limited'] },
  ]);
});

test('what it refuses', () => {
  expect(refusals(rateLimit, { workers: [1, 4], requests: 81 })).toEqual([]);
  expect(refusals(rateLimit, { workers: [4, 2], requests: 80 })).toEqual([
    'requests: 4 workers could let all of them through; use 81 or more',
  ]);
  expect(refusals(rateLimit, { workers: [1], backends: ['dummy'] })).toEqual([
    'workers: with one worker the limit holds; the baseline of one worker runs anyway, so give 2 or more',
    'backends: dummy keeps nothing, so there is nothing to separate or share',
  ]);
});
