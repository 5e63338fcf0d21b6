import { describe, expect, test } from 'vitest';
import { armsOf } from '../kit/fixtures/arm.ts';
import { disagreeing, judged } from '../kit/fixtures/judged.ts';
import { factsOf, planned, refusals } from '../kit/fixtures/options.ts';
import type { Restart } from './restarts.ts';
import { restart } from './scenario.ts';
import type { WatchedLife } from './watch.ts';

/** Four stretches of a life, of which the second has too few lookups to tell a rate. */
const stretches = (lookups: number[], hits: number[]) => ({ lookups, hits });

/** A process that knew everything. */
const old = (slot: number, pid: number): WatchedLife => ({
  ...{ slot, pid, requests: 64, misses: 0, pagesRead: 0, knownAtOnce: 2, firstHits: 50 },
  caughtUp: { lookups: 2, millis: 10 },
  ...stretches([40, 4, 10, 10], [40, 4, 10, 10]),
});

/** One that began with nothing, and met both pages. */
const fresh = (slot: number, pid: number, change: Partial<WatchedLife> = {}): WatchedLife => ({
  ...{ slot, pid, requests: 60, misses: 2, pagesRead: 2, knownAtOnce: 0, firstHits: 48 },
  caughtUp: { lookups: 3, millis: 40 },
  ...stretches([0, 0, 20, 40], [0, 0, 18, 40]),
  ...change,
});

interface Change {
  readonly lives?: Partial<WatchedLife>;
  readonly unanswered?: number;
  readonly workers?: number;
}

/** Two workers with two pages, both reloaded, then worker 2 killed; `change` makes it another story. */
function arm({ lives = {}, unanswered = 0, workers = 2 }: Change = {}) {
  const marks = [
    { atMillis: 260, label: 'it begins' },
    { atMillis: 510, label: 'replaced' },
  ];
  const restarts: Restart[] = [
    {
      ...{ phase: 'rolling reload', label: 'a rolling reload' },
      before: [
        { slot: 1, pid: 11, entries: 2 },
        { slot: 2, pid: 12, entries: 3 },
      ],
      ...{ sent: 1_200, answered: 1_200 - unanswered, tookMillis: 940 },
      watched: {
        ...{ binMillis: 250, marks },
        lives: [old(1, 11), old(2, 12), fresh(1, 21, lives), fresh(2, 22, lives)],
      },
    },
    {
      ...{ phase: 'worker killed', label: 'the SIGKILL of one worker' },
      before: [
        { slot: 1, pid: 21, entries: 2 },
        { slot: 2, pid: 22, entries: 2 },
      ],
      ...{ sent: 904, answered: 901, tookMillis: 310 },
      watched: {
        ...{ binMillis: 250, marks },
        lives: [old(1, 21), old(2, 22), fresh(2, 32, { firstHits: 49, ...lives })],
      },
    },
  ];
  return armsOf(restart)({
    workers,
    ratePerSecond: 300,
    workload: { popularity: 'uniform', zipf: 0, keys: 2, seed: 1 },
    observations: { restarts },
  });
}

/** The same without some of its restarts, or with others. */
function having(restarts: readonly Restart[]) {
  return { ...arm(), observations: { restarts } };
}

describe('restarted workers', () => {
  test('that read every page again agree with theory', () => {
    const source =
      'formula: first touches: Σ over workers and keys of 1 − (1 − p)^R (occupancy problem)';
    const { exhibits, ...verdict } = judged(restart, [arm()]);
    expect(verdict.agreement).toBe('agrees');
    expect(verdict.sentence).toMatch(
      /^A rolling reload of 2 workers lost no request but all 5 cached entries: of the first 50 requests to each new process 96\.0 % were hits, and the database got 4 extra queries\. Killing one worker cost 2 queries and 3 requests without an answer\. To hold the pages that make up 80 % of the requests, a new process needed 3 requests, 40 ms\./,
    );
    const [reload, kill] = ['rolling reload, with 2 workers', 'worker killed, with 2 workers'];
    const gone =
      '0 entries of 0 (exactly; formula: the cache was in the memory of the dead process) ✔';
    const kept =
      '0 misses of 0 (exactly; formula: they held every page, and a restart elsewhere takes none of them) ✔';
    const again = 'in 95 % by occupancy variance, step';
    expect(verdict.findings.slice(0, -2)).toEqual([
      `C9 entries that a new process held without having loaded them, ${reload}: ${gone}`,
      `C9 pages that new processes read again, ${reload}: 4 pages of 4 (4 to 4 ${again} 1; ${source}) ✔`,
      `C9 hit rate of the first 50 requests to each new process, ${reload}: 0.96 share of 0.96 (0.96 to 0.96 ${again} 0.01; ${source}) ✔`,
      `C9 misses at processes that were not replaced, ${reload}: ${kept}`,
      `– requests without an answer, ${reload}: 0 requests of 0 (exactly; formula: a worker leaves only after its last answer) ✔`,
      `C9 entries that a new process held without having loaded them, ${kill}: ${gone}`,
      `C9 pages that new processes read again, ${kill}: 2 pages of 2 (2 to 2 ${again} 1; ${source}) ✔`,
      `C9 hit rate of the first 50 requests to each new process, ${kill}: 0.98 share of 0.96 (0.96 to 0.96 ${again} 0.02; ${source}) ✔`,
      `C9 misses at processes that were not replaced, ${kill}: ${kept}`,
      `– requests without an answer, ${kill}: 3 requests ·`,
    ]);
    expect(verdict.findings.at(-2)).toMatch(
      /^C9 requests until a new process held 80 % of its traffic, with 2 workers: 3 requests of [23]\.\d+ \(.* ✔$/,
    );
    expect(verdict.findings.at(-1)).toBe(
      'C9 time until a new process held 80 % of its traffic, with 2 workers: 40000 µs ·',
    );
    const caption =
      '300 requests per second throughout; each point is 0.25 s. Before, every worker held every page. The expected curve follows from the requests that each new process got.';
    expect(exhibits).toEqual([
      [
        'lines restart-rolling-reload-2-workers: Hit rate around a rolling reload (2 workers)',
        caption,
        'x: time, seconds; y: hit rate, percent',
        // The second stretch has too few lookups to say something about a rate.
        'hit rate, measured: 0.125 → 1 | 0.625 → 0.933333 | 0.875 → 1',
        'expected, expected: 0.125 → 1 | 0.625 → 0.933333 | 0.875 → 1',
        'at 0.26: it begins',
        'at 0.51: replaced',
      ],
      [
        'lines restart-worker-killed-2-workers: Hit rate around the SIGKILL of one worker (2 workers)',
        caption,
        'x: time, seconds; y: hit rate, percent',
        'hit rate, measured: 0.125 → 1 | 0.625 → 0.95 | 0.875 → 1',
        'expected, expected: 0.125 → 1 | 0.625 → 0.95 | 0.875 → 1',
        'at 0.26: it begins',
        'at 0.51: replaced',
      ],
      [
        'table restart-costs: What each restart cost',
        'Counted at the new processes. One has caught up when the pages it holds make up 80 % of the requests; a dash: not all had caught up when the traffic ended.',
        ' | rolling reload | worker killed',
        'processes replaced | 2 | 1',
        'pages that they held | 5 | 2',
        'pages read again | 4 | 2',
        'queries | 4 | 2',
        'hits of the first 50 requests to each | 96.0 % | 98.0 %',
        'requests to catch up, on average | 3 | 3',
        'time to catch up, on average | 40 ms | 40 ms',
        'requests without an answer | 0 | 3',
        'time until all were replaced | 940 ms | 310 ms',
      ],
    ]);
  });

  test.each<[string, Change, string[]]>([
    [
      'kept what their predecessors knew',
      { lives: { misses: 0, pagesRead: 0, knownAtOnce: 2, firstHits: 50 } },
      ['entries that a new process held', 'pages that new', 'hit rate of the first 50'],
    ],
    ['read each page once more', { lives: { pagesRead: 4 } }, ['pages that new processes']],
    ['learnt too late', { lives: { firstHits: 40 } }, ['hit rate of the first 50 requests']],
    [
      'needed too long to catch up',
      { lives: { caughtUp: { lookups: 30, millis: 40 } } },
      ['requests until a new process'],
    ],
    ['left a request without an answer', { unanswered: 1 }, ['requests without an answer']],
  ])('that %s disagree', (_, change, what) => {
    const wrong = disagreeing(restart, [arm(change)]);
    for (const one of what) expect(wrong.join('\n')).toContain(one);
    const kinds = new Set(wrong.map((one) => one.replace(/, (rolling|worker|with).*/, '')));
    expect(kinds.size).toBe(what.length);
  });

  test('cost a neighbour nothing; if they do, they disagree', () => {
    const { restarts } = arm().observations;
    const [reload, kill] = restarts;
    const [neighbour, ...others] = kill!.watched.lives;
    const lives = [{ ...neighbour!, misses: 1 }, ...others];
    const hurt = having([reload!, { ...kill!, watched: { ...kill!.watched, lives } }]);
    expect(disagreeing(restart, [hurt])).toEqual([
      'misses at processes that were not replaced, worker killed, with 2 workers',
    ]);
    // And it is no cost of the restart.
    expect(judged(restart, [hurt]).sentence).toContain('Killing one worker cost 2 queries');
  });

  test('of which one has not caught up are told so, and not held against theory', () => {
    const { sentence, findings } = judged(restart, [arm({ lives: { caughtUp: null } })]);
    expect(sentence).toContain(
      'Not every new process held the pages that make up 80 % of the requests again when the traffic ended.',
    );
    expect(findings.join()).not.toContain('until a new process');
    const [reload, kill] = arm().observations.restarts;
    const lives = kill!.watched.lives.map((life) => ({ ...life, caughtUp: null }));
    const one = having([reload!, { ...kill!, watched: { ...kill!.watched, lives } }]);
    expect(judged(restart, [one]).sentence).toContain('Not every new process held');
    expect(judged(restart, [one]).exhibits.at(-1)).toContain(
      'requests to catch up, on average | 3 | –',
    );
    const costs = judged(restart, [arm({ lives: { caughtUp: null } })]).exhibits.at(-1)!;
    expect(costs).toContain('requests to catch up, on average | – | –');
  });

  test('that lost requests, or one query, are told of in the right number', () => {
    expect(judged(restart, [arm({ unanswered: 1 })]).sentence).toContain('lost 1 request but');
    expect(judged(restart, [arm({ lives: { misses: 1 } })]).sentence).toContain(
      'Killing one worker cost 1 query and 3 requests',
    );
  });

  test('are told of for the last fleet', () => {
    const { sentence, exhibits } = judged(restart, [arm(), arm({ workers: 4 })]);
    expect(sentence).toContain('reload of 4 workers');
    expect(exhibits.at(-1)![2]).toBe(
      ' | rolling reload, 2 workers | worker killed, 2 workers | rolling reload, 4 workers | worker killed, 4 workers',
    );
  });

  test('that took long are drawn with as many points, each of more time', () => {
    const long = Array.from({ length: 96 }, () => 20);
    const [reload, kill] = arm().observations.restarts;
    const lives = [{ ...fresh(2, 22), ...stretches(long, long) }];
    const slow = having([{ ...reload!, watched: { ...reload!.watched, lives } }, kill!]);
    const [curve] = judged(restart, [slow]).exhibits;
    expect(curve![1]).toContain('each point is 0.5 s.');
    const points = curve![3]!.split(' | ');
    expect([points.length, points[0], points.at(-1)]).toEqual([
      ...[48, 'hit rate, measured: 0.25 → 1', '23.75 → 1'],
    ]);
  });

  test('that were never replaced prove nothing', () => {
    const { restarts } = arm().observations;
    const same = restarts.map((one) => {
      const lives = one.watched.lives.filter(({ pid }) => one.before.some((b) => b.pid === pid));
      return { ...one, watched: { ...one.watched, lives } };
    });
    expect(disagreeing(restart, [having(same)])).toContain(
      'entries that a new process held without having loaded them, rolling reload, with 2 workers',
    );
    expect(judged(restart, [having(same)]).sentence).toContain('each new process unknown were');
    for (const few of [[], same.slice(0, 1)]) {
      expect(judged(restart, [having(few)]).sentence).toMatch(/^Nothing was measured\./);
    }
  });
});

test('what it is about, and what it plans', () => {
  expect(factsOf(restart)).toEqual({
    name: 'restart',
    question: 'What does a restart cost when the cache lives in the process?',
    claims: ['C9'],
    seconds: 14,
    originOrders: 20_000,
    defaults: { keys: 60, ratePerSecond: 300 },
    quick: { workers: [2], keys: 40 },
    unused: {
      requests: 'traffic lasts as long as the restart takes.',
      connections: 'the rate decides how many connections there are.',
      routing:
        'each request comes over a fresh connection; autocannon keeps writing to connections that the server is closing, and would lose requests by itself.',
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
    'workers: it also kills a worker, and then nothing would answer; give 2 or more',
    'ratePerSecond: fewer requests show no curve; use 120 or more',
    'keys: a cache holds 300 entries (--max-entries), and nothing may be evicted here',
    'timeoutSeconds: entries would expire while it runs; 60 is enough',
    'popularity: a cycle falls into step with the routing, and theory assumes random keys',
  ]);
  const needed =
    'ratePerSecond: it measures over time, so it needs a --rate, and with fresh connections 1000 is the most';
  expect(refusals(restart, { ratePerSecond: 1_001 })).toEqual([needed]);
  expect(refusals(restart, { ratePerSecond: null })).toEqual([needed]);
});
