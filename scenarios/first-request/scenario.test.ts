import { describe, expect, test } from 'vitest';
import type { Lab, PhaseLab, TrafficPlan } from '../kit/contract.ts';
import { armsOf } from '../kit/fixtures/arm.ts';
import { disagreeing, judged } from '../kit/fixtures/judged.ts';
import { factsOf, planned, refusals } from '../kit/fixtures/options.ts';
import { firstRequest } from './scenario.ts';

/** Ten keys, each asked for three times; without a cache every request goes to the database. */
function arm({ cached = true, turns = 3 } = {}) {
  const nth = Array.from({ length: 10 * turns }, (_, i) => 1 + Math.floor(i / 10));
  const slow = nth.map((turn) => turn === 1 || !cached);
  const loads = slow.filter(Boolean).length;
  return armsOf(firstRequest)({
    workload: { popularity: 'cyclic', zipf: 0, keys: 10, seed: 1 },
    observations: {
      asked: {
        nth,
        latencyMicros: slow.map((isSlow, i) => (isSlow ? 2_000 : 200) + 10 * (i % 10) + nth[i]!),
        originMicros: slow.map((isSlow, i) => (isSlow ? 1_700 + (i % 10) : 0)),
      },
    },
    phases: [
      {
        totals: {
          ...{ requests: nth.length, hits: nth.length - loads },
          ...{ originQueries: loads, entries: cached ? 10 : 0 },
        },
      },
    ],
  });
}

describe('a cache', () => {
  // First requests take 2,001 to 2,091 µs, second ones 202 to 292, third ones 203 to 293.
  test('makes the first request for a key pay for the others', () => {
    const { exhibits, ...verdict } = judged(firstRequest, [arm()]);
    expect(verdict).toEqual({
      agreement: 'agrees',
      sentence:
        'The first request for a key took 2.05 ms, 1.7 ms of it in the database (medians); a later ' +
        'one 248 µs. 30 requests for 10 keys cost 10 queries.',
      findings: [
        'C1 queries that reached the database: 10 queries of 10 (exactly; formula: one for each key: the cache keeps what it has read) ✔',
        'C1 later requests that were answered from the cache: 20 requests of 20 (exactly; formula: every request but the first for its key) ✔',
        'C1 first requests that waited for the database: 10 requests of 10 (exactly; formula: no request for the key came before) ✔',
        'C1 later requests that waited for the database: 0 requests of 0 (exactly; formula: the process holds the answer) ✔',
        'C1 median time of a later request: 247.5 µs ·',
        'C1 how many times longer the median first request took than the median later one: 8.26667 times ·',
        'C2 entries in the memory of the worker at the end: 10 entries of 10 (exactly; construction: one for each key, in the process itself) ✔',
        'C13 services needed beside the server: 0 services of 0 (exactly; construction: a dictionary in the process needs none) ✔',
      ],
    });
    expect(exhibits).toEqual([
      [
        'bars time-by-turn: Time of the first request for a key, the second, the third …',
        'Medians over 10 keys, seen by the client. Only the first one waits for the database.',
        'y: median time, micros',
        '1. | 2. | 3.',
        'whole request, measured: 2046 | 247 | 248',
        'of it in the database, measured: 1704.5 | 0 | 0',
      ],
    ]);
  });

  test('that keeps nothing disagrees', () => {
    expect(disagreeing(firstRequest, [arm({ cached: false })])).toEqual([
      'queries that reached the database',
      'later requests that were answered from the cache',
      'later requests that waited for the database',
      'entries in the memory of the worker at the end',
    ]);
  });

  test('whose first answers do not wait for the database disagrees', () => {
    const even = arm();
    const { asked } = even.observations;
    const observations = { asked: { ...asked, originMicros: asked.nth.map(() => 0) } };
    expect(disagreeing(firstRequest, [{ ...even, observations }])).toEqual([
      'first requests that waited for the database',
    ]);
  });

  test('on a machine that grows busier meanwhile is not blamed for slow later answers', () => {
    const slower = arm();
    const { asked } = slower.observations;
    const latencyMicros = asked.latencyMicros.map((micros, i) => micros + 1_000 * i);
    const observations = { asked: { ...asked, latencyMicros } };
    expect(disagreeing(firstRequest, [{ ...slower, observations }])).toEqual([]);
  });

  test('that was never asked twice has nothing to compare with', () => {
    const { sentence, findings } = judged(firstRequest, [arm({ turns: 1 })]);
    expect(sentence).toContain('a later one unknown. ');
    expect(findings.find((one) => one.includes('longer'))).toMatch(/: – times ·$/);
  });

  test('is shown for the first twenty turns', () => {
    const [categories] = judged(firstRequest, [arm({ turns: 25 })]).exhibits[0]!.slice(3);
    expect(categories).toMatch(/ \| 19\. \| 20\.$/);
  });

  test('is shown however many requests there were', { tags: 'slow' }, () => {
    expect(firstRequest.exhibits!([arm({ turns: 14_000 })])).toHaveLength(1);
  });
});

test('each request has its place among those for its key, and the time in the database', async () => {
  const answers: [number, number, string?][] = [
    [7, 2_000.4, 'cache;dur=0.1, origin;dur=1.7006'],
    [8, 1_900.6, 'origin;dur=1.6'],
    [7, 200, 'cache;dur=0.1'],
    [7, 210],
  ];
  const traffic = async ({ onResponse }: TrafficPlan = {}) => {
    for (const [key, latencyMicros, timing] of answers) {
      onResponse!({
        ...{ key, latencyMicros, status: 200, slot: 1, outcome: 'hit', arrivedMillis: 1, body: '' },
        headers: { 'server-timing': timing },
      });
    }
    return { sent: answers.length, answered: answers.length };
  };
  const phase = (_: string, act: (phase: PhaseLab) => unknown) => act({ traffic } as PhaseLab);
  const { asked } = await firstRequest.measure({ phase } as Lab);
  expect(asked).toEqual({
    nth: [1, 1, 2, 3],
    latencyMicros: [2_000, 1_901, 200, 210],
    originMicros: [1_701, 1_600, 0, 0],
  });
});

test('what it is about, and what it plans', () => {
  const inTurn = 'it requests each key in turn, equally often.';
  expect(factsOf(firstRequest)).toEqual({
    name: 'first-request',
    question: 'What does a cache save, and who pays for it?',
    claims: ['C1', 'C2', 'C13'],
    seconds: 2,
    defaults: { workers: [1], keys: 50, requests: 500, connections: 1, popularity: 'cyclic' },
    quick: { keys: 40, requests: 160 },
    unused: {
      workers: 'it looks at one worker; see hit-rate for more.',
      connections: 'requests come one after the other, so that none waits for another.',
      routing: 'there is one worker and one connection.',
      ratePerSecond: 'the next request waits for the answer to the last.',
      zipf: inTurn,
      popularity: inTurn,
    },
  });
  expect(planned(firstRequest, { connections: 8 })).toEqual([
    { name: '1 worker', workers: 1, connections: 1 },
  ]);
});

test('what it refuses', () => {
  expect(refusals(firstRequest, { requests: 100 })).toEqual([]);
  expect(refusals(firstRequest, { requests: 599, keys: 301, timeoutSeconds: 59 })).toEqual([
    'requests: each key needs two or more requests; use 602 or more',
    'keys: a cache holds 300 entries (--max-entries), and nothing may be evicted here',
    'timeoutSeconds: entries would expire while it runs; 60 is enough',
  ]);
});
