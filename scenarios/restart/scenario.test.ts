import { describe, expect, test } from 'vitest';
import { armsOf } from '../kit/fixtures/arm.ts';
import { disagreeing, judged } from '../kit/fixtures/judged.ts';
import { factsOf, planned, refusals } from '../kit/fixtures/options.ts';
import { restart } from './scenario.ts';
import type { WatchedLife } from './watch.ts';

const life = (slot: number, pid: number, misses: number, knownAtOnce = 0): WatchedLife => ({
  ...{ slot, pid, requests: 300, misses, knownAtOnce },
});
const watched = (lives: WatchedLife[], hits: number[]) => ({
  lives,
  binMillis: 250,
  lookups: [75, 14, 60, 15],
  hits,
  marks: [
    { atMillis: 260, label: 'it begins' },
    { atMillis: 510, label: 'replaced' },
  ],
});

interface Change {
  readonly survives?: boolean;
  readonly unanswered?: number;
  readonly workers?: number;
}

/** Two workers with ten keys, both reloaded, then worker 2 killed; `change` makes it another story. */
function arm({ survives = false, unanswered = 0, workers = 2 }: Change = {}) {
  const fresh = (slot: number, pid: number) =>
    survives ? life(slot, pid, 0, 10) : life(slot, pid, 10);
  const restarts = [
    {
      ...{ phase: 'rolling reload', label: 'a rolling reload', entriesBefore: 20 },
      ...{ sent: 1_200, answered: 1_200 - unanswered, tookMillis: 940 },
      watched: watched(
        [life(1, 11, 0), life(2, 12, 0), fresh(1, 21), fresh(2, 22)],
        [72, 1, 30, 15],
      ),
    },
    {
      ...{ phase: 'worker killed', label: 'the SIGKILL of one worker', entriesBefore: 19 },
      ...{ sent: 904, answered: 901, tookMillis: 310 },
      watched: watched([life(1, 21, 0), life(2, 22, 0), fresh(2, 32)], [75, 2, 45, 15]),
    },
  ];
  return armsOf(restart)({
    workers,
    ratePerSecond: 300,
    workload: { popularity: 'uniform', zipf: 0, keys: 10, seed: 1 },
    observations: { warm: watched([life(1, 11, 10), life(2, 12, 10)], [75, 14, 60, 15]), restarts },
  });
}

describe('restarted workers', () => {
  test('that read every key again agree with theory', () => {
    const gone =
      '0 entries of 0 (exactly; formula: the cache was the memory of the process that is gone) ✔';
    const again = (low: number, value: number, high: number) =>
      `of ${value} (${low} to ${high} in 95 % by occupancy variance, step 1; formula: first touches: Σ over workers and keys of 1 − (1 − p)^R (occupancy problem)) ✔`;
    const { exhibits, ...verdict } = judged(restart, [arm()]);
    expect(verdict).toEqual({
      agreement: 'agrees',
      sentence:
        'A rolling reload of 2 workers lost no request but all 20 cached entries: the hit rate fell ' +
        'from 96.0 % to 50.0 %, and the database was asked 20 times more. Killing one worker cost ' +
        '10 queries and 3 requests without an answer.',
      findings: [
        `C9 entries that a new process knew without having loaded them, rolling reload, with 2 workers: ${gone}`,
        `C9 misses, rolling reload, with 2 workers: 20 misses ${again(20, 20, 20)}`,
        '– requests without an answer, rolling reload, with 2 workers: 0 requests of 0 (exactly; formula: a worker leaves only when it has answered) ✔',
        `C9 entries that a new process knew without having loaded them, worker killed, with 2 workers: ${gone}`,
        `C9 misses, worker killed, with 2 workers: 10 misses ${again(10, 10, 10)}`,
        '– requests without an answer, worker killed, with 2 workers: 3 requests ·',
      ],
    });
    expect(exhibits).toEqual([
      [
        'lines restart-rolling-reload-2-workers: Hit rate around a rolling reload (2 workers)',
        '300 requests per second throughout. What a process had cached went with it, and its replacement reads everything again.',
        'x: time, seconds; y: hit rate, percent',
        // The second stretch has too few lookups to say something about a rate.
        'hit rate, measured: 0.125 → 0.96 | 0.625 → 0.5 | 0.875 → 1',
        'at 0.26: it begins',
        'at 0.51: replaced',
      ],
      [
        'lines restart-worker-killed-2-workers: Hit rate around the SIGKILL of one worker (2 workers)',
        '300 requests per second throughout. What a process had cached went with it, and its replacement reads everything again.',
        'x: time, seconds; y: hit rate, percent',
        'hit rate, measured: 0.125 → 1 | 0.625 → 0.75 | 0.875 → 1',
        'at 0.26: it begins',
        'at 0.51: replaced',
      ],
      [
        'table restart-cost-2-workers: What each restart cost (2 workers)',
        'Misses are those of the whole stretch that the curve shows.',
        'restart | entries held before (count) | processes replaced (count) | misses (count) | requests sent (count) | without an answer (count) | took (seconds)',
        'rolling reload | 20 | 2 | 20 | 1200 | 0 | 0.94',
        'worker killed | 19 | 1 | 10 | 904 | 3 | 0.31',
      ],
    ]);
  });

  test('whose cache survived disagree', () => {
    expect(disagreeing(restart, [arm({ survives: true })])).toEqual([
      'entries that a new process knew without having loaded them, rolling reload, with 2 workers',
      'misses, rolling reload, with 2 workers',
      'entries that a new process knew without having loaded them, worker killed, with 2 workers',
      'misses, worker killed, with 2 workers',
    ]);
  });

  test('that leave a request without an answer in a rolling reload disagree', () => {
    const lossy = arm({ unanswered: 1 });
    expect(disagreeing(restart, [lossy])).toEqual([
      'requests without an answer, rolling reload, with 2 workers',
    ]);
    expect(judged(restart, [lossy]).sentence).toContain('lost 1 request but all 20 cached');
  });

  test('are told of in the singular where there is one of them', () => {
    const { warm, restarts } = arm().observations;
    const once = {
      ...restarts[1]!,
      answered: 903,
      watched: watched([life(2, 32, 1)], [75, 2, 45, 15]),
    };
    const observations = { warm, restarts: [restarts[0]!, once] };
    expect(judged(restart, [{ ...arm(), observations }]).sentence).toContain(
      'Killing one worker cost 1 query and 1 request without an answer.',
    );
  });

  test('are told of for the last fleet', () => {
    expect(judged(restart, [arm(), arm({ workers: 4 })]).sentence).toContain('reload of 4 workers');
  });

  test('that were never replaced prove nothing', () => {
    const { warm, restarts } = arm().observations;
    const same = restarts.map((one) => ({ ...one, watched: warm }));
    const idle = { ...arm(), observations: { warm, restarts: same } };
    expect(disagreeing(restart, [idle])).toContain(
      'entries that a new process knew without having loaded them, rolling reload, with 2 workers',
    );
    const silent = same.map((one) => ({ ...one, watched: { ...warm, lookups: [], hits: [] } }));
    expect(
      judged(restart, [{ ...idle, observations: { warm, restarts: silent } }]).sentence,
    ).toContain('the hit rate fell from unknown to unknown');
    for (const few of [[], same.slice(0, 1)]) {
      const cut = { ...idle, observations: { warm, restarts: few } };
      expect(judged(restart, [cut]).sentence).toMatch(/^Nothing was measured\./);
    }
  });
});

test('what it is about, and what it plans', () => {
  expect(factsOf(restart)).toEqual({
    name: 'restart',
    question: 'What does a restart cost when the cache lives in the process?',
    claims: ['C9'],
    seconds: 12,
    defaults: { keys: 60, ratePerSecond: 300 },
    quick: { workers: [2], keys: 40 },
    unused: {
      requests: 'traffic lasts as long as the restart takes.',
      connections: 'connections are as many as the rate needs.',
      routing:
        'each request comes over a fresh connection; autocannon goes on writing on connections that the server has said it closes, and would lose requests by itself.',
    },
  });
  expect(planned(restart, { workers: [2, 4] })).toEqual([
    { name: '2 workers', workers: 2, routing: 'fresh' },
    { name: '4 workers', workers: 4, routing: 'fresh' },
  ]);
});

test('what it refuses', () => {
  expect(refusals(restart, { ratePerSecond: 120, timeoutSeconds: 60 })).toEqual([]);
  expect(refusals(restart, { ratePerSecond: 1_000, timeoutSeconds: null })).toEqual([]);
  const wrong = { keys: 301, timeoutSeconds: 59, popularity: 'cyclic' } as const;
  // A stretch of the curve would never hold enough lookups, and the verdict no figure.
  expect(refusals(restart, { ...wrong, workers: [1], ratePerSecond: 119 })).toEqual([
    'workers: it also kills a worker, and then there is nobody to answer; give 2 or more',
    'ratePerSecond: fewer requests show no curve; use 120 or more',
    'keys: a cache holds 300 entries (--max-entries), and nothing is to be evicted here',
    'timeoutSeconds: entries would expire while it runs; 60 is enough',
    'popularity: a cycle falls in step with the routing, and theory speaks of keys at random',
  ]);
  const needed =
    'ratePerSecond: it shows time, so it needs a --rate, and with fresh connections 1000 is the most';
  expect(refusals(restart, { ratePerSecond: 1_001 })).toEqual([needed]);
  expect(refusals(restart, { ratePerSecond: null })).toEqual([needed]);
});
