import { describe, expect, test } from 'vitest';
import { armsOf } from '../kit/fixtures/arm.ts';
import { disagreeing, judged } from '../kit/fixtures/judged.ts';
import { factsOf, planned, refusals } from '../kit/fixtures/options.ts';
import { missesAfterJoin, missesAfterLoss } from '../theory/by-key.ts';
import { within } from '../theory/estimate.ts';
import { ownerOf } from '../theory/rendezvous.ts';
import { twoServers } from './scenario.ts';

const arm = armsOf(twoServers);
const workload = { popularity: 'zipf', zipf: 0.8, keys: 200, seed: 1 } as const;
const joined = {
  ...{ keys: workload, slotsBefore: [1, 2], slots: [1, 2, 3, 4] },
  ...{ requestsBefore: 1_000, requests: 900 },
};
const ownedByTheLost = Array.from({ length: 200 }, (_, key) => `/users/${key + 1}`).filter(
  (path) => ownerOf(path, joined.slots) === 1,
).length;
const afterJoin = missesAfterJoin(joined);
const afterLoss = missesAfterLoss(joined, { lost: 1, until: 100, away: 300, since: 1_600 });

/** So many misses where so many were expected, ten more or less; `workers` as hits and misses. */
const phase = (
  name: string,
  misses: number,
  { expected = misses, requests = 1_000, workers = [] as [number, number][] } = {},
) => ({
  name,
  totals: {
    requests,
    hitRate: 1 - misses / requests,
    misses: { cold: misses, expired: 0, evicted: 0 },
  },
  workers: workers.map(([hits, cold]) => ({ hits, misses: { cold, expired: 0, evicted: 0 } })),
  expected: {
    misses: within(expected, { low: expected - 10, high: expected + 10, reason: 'a test' }, 'it'),
    hitRate: within(0.5, { low: 0, high: 1, reason: 'a test' }, 'it'),
  },
});

const oneServer = arm({
  ...{ name: '1 server', workers: 2 },
  phases: [phase('the first server', 280), phase('the same server', 30)],
});

/** By turns: workers 1 and 2 are warm, 3 and 4 are cold. */
const byTurns = (misses = 246) =>
  arm({
    ...{ name: '2 servers by turns', workers: 4, servers: 2 },
    phases: [
      phase('the first server', 281),
      phase('both servers', misses, {
        expected: 250,
        workers: [
          [200, 10],
          [210, 20],
          [150, 100],
          [120, 130],
        ],
      }),
    ],
  });

const byKey = (join = Math.round(afterJoin.value), loss = [Math.round(afterLoss.value) - 7, 7]) =>
  arm({
    ...{ name: '2 servers by key', workers: 4, servers: 2, routing: 'by-key', workload },
    phases: [
      phase('the first server', 181),
      phase('both servers', join, {
        requests: 900,
        expected: 0,
        workers: [
          [9, 1],
          [8, 2],
          [1, 1],
          [0, 0],
        ],
      }),
      phase('a worker is lost', loss[0]!),
      phase('its successor is there', loss[1]!),
    ],
    observations: { loss: { slot: 1, until: 100, away: 300, requests: 2_000 } },
  });

const written = ({ value, low, high }: typeof afterJoin) => {
  const [mean, from, to] = [value, low, high].map((number) => Number(number.toPrecision(6)));
  return `of ${mean} (${from} to ${to} in 95 % by occupancy variance, step 1; formula: `;
};

describe('a second server', () => {
  test('costs by turns what it does not know, and by key what moves', () => {
    const expected = (value: number) =>
      `of ${value} (${value - 10} to ${value + 10}: a test; formula: it) ✔`;
    const loss = Math.round(afterLoss.value);
    const { exhibits, ...verdict } = judged(twoServers, [oneServer, byTurns(), byKey()]);
    expect(verdict).toEqual({
      agreement: 'agrees',
      sentence:
        'When a second server joined a warm one by turns, the warm one hit 93.2 % and the cold one ' +
        `54.0 %, with 246 misses. By key, moving the keys cost ${Math.round(afterJoin.value)} misses; ` +
        `losing one worker of 4 cost ${loss} misses, over its ${ownedByTheLost} of 200 keys.`,
      findings: [
        `C5 1 server, the first server: misses: 280 misses ${expected(280)}`,
        `C5 1 server, the same server: misses: 30 misses ${expected(30)}`,
        `C5 2 servers by turns, the first server: misses: 281 misses ${expected(281)}`,
        `C5 2 servers by turns, both servers: misses: 246 misses ${expected(250)}`,
        `C5 2 servers by key, the first server: misses: 181 misses ${expected(181)}`,
        `C5 2 servers by key, both servers: misses: ${Math.round(afterJoin.value)} misses ${written(afterJoin)}keys that moved are new to their worker (rendezvous hashing), the others are known) ✔`,
        `– 2 servers by key: misses from the loss of a worker on: ${loss} misses ${written(afterLoss)}the keys of the lost worker, new to others and then new to its successor) ✔`,
      ],
    });
    const rate = (misses: number, requests = 1_000) =>
      Number((1 - misses / requests).toPrecision(6));
    const join = rate(Math.round(afterJoin.value), 900);
    expect(exhibits).toEqual([
      [
        'bars phases: Hit rate, phase by phase',
        'Every arm gets the same stream of keys. The second server joins in the second phase.',
        'y: hit rate, percent',
        'the first server | both servers | a worker is lost | its successor is there',
        '1 server, measured: 0.72 | 0.97 | – | –',
        '2 servers by turns, measured: 0.719 | 0.754 | – | –',
        `2 servers by key, measured: 0.819 | ${join} | ${rate(loss - 7)} | 0.993`,
      ],
      [
        'bars servers: The warm server and the one that joined it',
        'Hit rate of each server once both are there.',
        'y: hit rate, percent',
        '2 servers by turns | 2 servers by key',
        'the first server, measured: 0.931818 | 0.85',
        'the one that joined, measured: 0.54 | 0.5',
      ],
    ]);
  });

  test('that knows what the first one knows disagrees', () => {
    expect(disagreeing(twoServers, [byTurns(60)])).toEqual([
      '2 servers by turns, both servers: misses',
    ]);
  });

  test('for which keys move although their worker is still there disagrees', () => {
    // As modulo would: with 4 workers for 2, half of the keys; with one lost, three quarters.
    expect(disagreeing(twoServers, [byKey(Math.round(afterJoin.value) + 50)])).toEqual([
      '2 servers by key, both servers: misses',
    ]);
    expect(disagreeing(twoServers, [byKey(undefined, [50, afterLoss.value + 50])])).toEqual([
      '2 servers by key: misses from the loss of a worker on',
    ]);
  });

  test('whose lost worker cost nothing disagrees', () => {
    expect(disagreeing(twoServers, [byKey(undefined, [5, 5])])).toHaveLength(1);
  });

  test('that nobody asked has no hit rate', () => {
    const idle = byTurns();
    for (const worker of idle.phases[1]!.workers.slice(2)) {
      Object.assign(worker, { hits: 0, misses: { cold: 0, expired: 0, evicted: 0 } });
    }
    expect(judged(twoServers, [idle]).sentence).toContain('93.2 % and the cold one unknown');
  });

  test('is told of by turns, by key, or both; without one nothing was measured', () => {
    const turns = judged(twoServers, [oneServer, byTurns()]).sentence;
    expect(turns).toMatch(/^When a second .* with 246 misses\.$/);
    const unharmed = { ...byKey(), observations: { loss: null } };
    expect(judged(twoServers, [oneServer, unharmed]).sentence).toMatch(
      /^By key, moving the keys cost \d+ misses\.$/,
    );
    expect(judged(twoServers, [unharmed]).findings).toHaveLength(2);
    expect(judged(twoServers, [oneServer]).sentence).toMatch(/^Nothing was measured\./);
  });
});

test('the phases are those of the arm that has most of them, wherever it stands', () => {
  expect(judged(twoServers, [byKey(), oneServer, byTurns()]).exhibits[0]![3]).toBe(
    'the first server | both servers | a worker is lost | its successor is there',
  );
  expect(judged(twoServers, [oneServer, byTurns()]).exhibits[0]![3]).toBe(
    'the first server | the same server',
  );
});

test('one worker is no claim about servers', () => {
  const single = { ...oneServer, workers: 1 };
  expect(judged(twoServers, [single]).findings[0]).toMatch(/^– 1 server, the first server: /);
});

test('what it is about, and what it plans', () => {
  const stay = 'its few entries must stay in their caches while it runs.';
  expect(factsOf(twoServers)).toEqual({
    name: 'two-servers',
    question: 'A second server joins a warm one. What does the balancer make of their caches?',
    claims: ['C5'],
    seconds: 6,
    originOrders: 5_000,
    defaults: { workers: [2], requests: 1_000 },
    quick: { workers: [1], requests: 400, keys: 60, connections: 10 },
    unused: {
      ...{ maxEntries: stay, timeoutSeconds: stay, cullFrequency: stay },
      originDelayMillis:
        'two requests that wait for the same key would both miss and blur the count.',
    },
  });
  const two = { workers: 6, servers: 2 };
  expect(planned(twoServers, { workers: [3] })).toEqual([
    { name: '1 server', workers: 3 },
    { name: '2 servers by turns', ...two },
    { name: '2 servers by key', ...two, routing: 'by-key' },
  ]);
  // Asked for by key, the turns are left out.
  const byKeyOnly = planned(twoServers, { routing: 'by-key' });
  expect(byKeyOnly.map(({ name }) => name)).toEqual(['1 server', '2 servers by key']);
  expect(byKeyOnly[0]).toMatchObject({ routing: 'keep-alive' });
});

test('what it refuses', () => {
  expect(refusals(twoServers, { workers: [8], routing: 'by-key' })).toEqual([]);
  const one = 'workers: it is the number for each of two servers; give one number up to 8';
  expect(refusals(twoServers, { workers: [1, 2] })).toEqual([one]);
  expect(
    refusals(twoServers, { workers: [9], routing: 'fresh', popularity: 'cyclic', keys: 301 }),
  ).toEqual([
    one,
    'routing: clients connect to the balancer, which keeps its own connections to the servers',
    'popularity: a cycle falls into step with the routing, and theory assumes random keys',
    'keys: a cache holds 300 entries (--max-entries), and nothing may be evicted here',
  ]);
});
