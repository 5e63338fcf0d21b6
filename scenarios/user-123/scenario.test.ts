import { describe, expect, test } from 'vitest';
import { armsOf } from '../kit/fixtures/arm.ts';
import { disagreeing, judged } from '../kit/fixtures/judged.ts';
import { factsOf, planned, refusals } from '../kit/fixtures/options.ts';
import { user123 } from './scenario.ts';

/** Three workers asked twice each; `shared`: as if they had one cache between them. */
function arm(shared: boolean) {
  const steps = Array.from({ length: 6 }, (_, at) => ({
    slot: (at % 3) + 1,
    outcome: at < (shared ? 1 : 3) ? ('cold' as const) : ('hit' as const),
    latencyMicros: 500 + 100 * at,
    holders: shared ? [1, 2, 3] : [1, 2, 3].slice(0, at + 1),
  }));
  return armsOf(user123)({
    workers: 3,
    observations: { steps },
    phases: [{ totals: { originQueries: shared ? 1 : 3 } }],
  });
}

describe('three workers', () => {
  test('that each had to read it agree with theory', () => {
    const each = 'formula: each process has its own dictionary: one first time for each worker';
    expect(judged(user123, [arm(false)])).toEqual({
      agreement: 'agrees',
      sentence:
        'Worker 1 had cached user_123; worker 2 did not have it. Of 6 requests ' +
        'to 3 workers, 3 went to the database and 3 to a cache; at the end ' +
        '3 workers hold the same entry.',
      findings: [
        `C6 workers whose first answer for user_123 was a miss, with 3 workers: 3 workers of 3 (exactly; ${each}) ✔`,
        `C6 first requests after which exactly one more worker held user_123, with 3 workers: 3 requests of 3 (exactly; ${each}) ✔`,
        'C14 hits among the later requests, with 3 workers: 3 hits of 3 (exactly; formula: a worker keeps what it has loaded) ✔',
        `C14 reads of user 123 from the database, with 3 workers: 3 queries of 3 (exactly; ${each}) ✔`,
      ],
      exhibits: [
        [
          'strip user-123-3-workers: Who held user_123, request by request (3 workers)',
          'Each column is one request to one worker. The first request to each worker goes to the database, whatever the others hold.',
          'step: request',
          'good: got the request and held it',
          'bad: got the request and read it from the database',
          'neutral: no request, holds it',
          'empty: no request, does not hold it',
          'worker 1: bad miss | neutral | neutral | good hit | neutral | neutral',
          '  request 1: worker 1 did not hold it, 500 µs',
          '  after request 2 worker 1 holds it',
          '  after request 3 worker 1 holds it',
          '  request 4: worker 1 held it, 800 µs',
          '  after request 5 worker 1 holds it',
          '  after request 6 worker 1 holds it',
          'worker 2: empty | bad miss | neutral | neutral | good hit | neutral',
          '  after request 1 worker 2 does not hold it',
          '  request 2: worker 2 did not hold it, 600 µs',
          '  after request 3 worker 2 holds it',
          '  after request 4 worker 2 holds it',
          '  request 5: worker 2 held it, 900 µs',
          '  after request 6 worker 2 holds it',
          'worker 3: empty | empty | bad miss | neutral | neutral | good hit',
          '  after request 1 worker 3 does not hold it',
          '  after request 2 worker 3 does not hold it',
          '  request 3: worker 3 did not hold it, 700 µs',
          '  after request 4 worker 3 holds it',
          '  after request 5 worker 3 holds it',
          '  request 6: worker 3 held it, 1 ms',
        ],
      ],
    });
  });

  test('that know what another one has cached disagree with it', () => {
    expect(disagreeing(user123, [arm(true)])).toEqual([
      'workers whose first answer for user_123 was a miss, with 3 workers',
      'first requests after which exactly one more worker held user_123, with 3 workers',
      'reads of user 123 from the database, with 3 workers',
    ]);
    expect(judged(user123, [arm(true)]).sentence).toMatch(
      /worker 2 had it\. Of 6 requests to 3 workers, 1 went to the database and 5 to a cache/,
    );
  });

  test('of which one forgot disagree with it', () => {
    const forgetful = arm(false);
    const steps = forgetful.observations.steps.map((step, at) =>
      at === 4 ? { ...step, outcome: 'evicted' as const } : step,
    );
    const { findings } = judged(user123, [{ ...forgetful, observations: { steps } }]);
    expect(findings.map((finding) => finding.at(-1))).toEqual(['✔', '✔', '✘', '✔']);
    expect(findings[2]).toContain(': 2 hits of 3 (');
  });

  test('that forget at once disagree with it', () => {
    const forgetful = arm(false);
    const steps = forgetful.observations.steps.map((step) => ({ ...step, holders: [step.slot] }));
    const { sentence } = judged(user123, [{ ...forgetful, observations: { steps } }]);
    expect(sentence).toContain('at the end 1 worker holds the same entry.');
  });
});

test('what it is about, and what it plans', () => {
  const asked = 'each worker is asked 3 times on purpose, one request after the other.';
  const oneKey = 'there is only one key.';
  expect(factsOf(user123)).toEqual({
    name: 'user-123',
    question: 'Worker 1 has cached user_123. Does worker 2 know it?',
    claims: ['C6', 'C14'],
    seconds: 2,
    quick: { workers: [3] },
    unused: {
      ...{ requests: asked, connections: asked, routing: asked, ratePerSecond: asked },
      ...{ zipf: oneKey, popularity: oneKey },
    },
  });
  expect(planned(user123, { workers: [2, 4] })).toEqual([
    { name: '2 workers', workers: 2, routing: 'fresh', connections: 1 },
    { name: '4 workers', workers: 4, routing: 'fresh', connections: 1 },
  ]);
});

test('what it refuses', () => {
  expect(refusals(user123, { keys: 123, timeoutSeconds: 10 })).toEqual([]);
  expect(refusals(user123, { workers: [1, 4], keys: 122, timeoutSeconds: 9 })).toEqual([
    'workers: it takes two to disagree; give 2 or more',
    'keys: there would be no user 123; use 123 or more',
    'timeoutSeconds: entries would expire while it runs; 10 is enough',
  ]);
});
