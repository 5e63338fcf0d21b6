import { describe, expect, test } from 'vitest';
import type { Arm, Phase } from '../../reports/record/schema.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import { disagreeing, judged } from '../kit/fixtures/judged.ts';
import { factsOf, planned, refusals } from '../kit/fixtures/options.ts';
import { eviction } from './scenario.ts';

interface Story {
  readonly workers: number;
  readonly maxEntries: number;
  readonly keys?: number;
  /** Hit rates of both phases; expected are one and two points more. */
  readonly cold: number;
  readonly steady: number;
  readonly culls: number;
  readonly evictions: number;
  readonly seen?: Pick<Partial<Phase>, 'trace' | 'residency'>;
}

/** Steady phases have a cull more than cold ones; all of the evictions are there. */
function arm({ workers, maxEntries, keys = 1_200, culls, evictions, seen, ...rates }: Story): Arm {
  const estimate = (value: number) => ({
    ...{ value, low: value - 0.02, high: value + 0.02 },
    interval: { kind: 'chance', share: 0.95, how: 'a test', step: 0.001 } as const,
    ...{ source: 'the model', by: 'model' as const },
  });
  const phase = (name: string, hitRate: number, off: number) => ({
    ...{ name, totals: { hitRate } },
    expected: { hitRate: estimate(hitRate + off), misses: estimate(0) },
  });
  return recordedArm({
    name: `${workers} × ${maxEntries} entries, ${keys} keys`,
    workers,
    cache: { maxEntries, timeoutSeconds: null, cullFrequency: 3 },
    workload: { popularity: 'zipf', zipf: 0.8, keys, seed: 1 },
    phases: [
      { ...phase('cold start', rates.cold, 0.01), workers: [{ culls: 1, evictions: 0 }] },
      { ...phase('settling', 0.5, 0.4), workers: [{ culls: 0, evictions: 0 }] },
      {
        ...phase('steady', rates.steady, 0.02),
        workers: [{ culls: culls - 1, evictions }, {}],
        ...seen,
      },
    ],
  });
}

/** Worker 1 of the last arm rises to 3 entries and falls to 1; two bands of keys were asked for. */
const seen: Story['seen'] = {
  residency: {
    ...{ keys: [], slots: [1, 2], final: [] },
    changes: {
      at: [0, 0, 1, 2, 3, 3, 3, 3, 4],
      slot: [1, 1, 2, 1, 1, 1, 1, 1, 1],
      key: [0, 1, 9, 2, 0, 1, 2, 3, 0],
      held: [1, 1, 1, 1, 0, 0, 0, 1, 1],
    },
  },
  trace: {
    keys: ['user_3', 'user_30', 'user_31', 'user_1200'],
    ranks: [3, 30, 31, 1_200],
    key: [0, 0, 1, 2, 2, 2, 3],
    slot: [1, 1, 1, 1, 1, 1, 1],
    outcome: [0, 0, 1, 0, 3, 3, 1],
    avoidable: [],
  },
};

const room = arm({
  ...{ workers: 1, maxEntries: 300, keys: 240, cold: 0.81, steady: 0.97, culls: 1, evictions: 0 },
});
const tight = {
  ...{ workers: 1, maxEntries: 300, cold: 0.41, steady: 0.44, culls: 5, evictions: 500 },
};
const one = arm(tight);
const same = arm({
  ...{ workers: 4, maxEntries: 300, cold: 0.33, steady: 0.45, culls: 7, evictions: 700 },
});
const sharedStory = {
  ...{ workers: 4, maxEntries: 75, cold: 0.22, steady: 0.24, culls: 9, evictions: 225 },
};
const shared = arm(sharedStory);

describe('caches that are too small', () => {
  test('hit alike once warm, whether one or four, and cull as Django does', () => {
    const rate = (value: number) => {
      const [low, high] = [value - 0.02, value + 0.02].map((end) => Number(end.toPrecision(6)));
      return `share of ${value} (${low} to ${high} in 95 % by a test, step 0.001; model: the model) ✔`;
    };
    const drops = 'exactly; construction: as in Django: a full cache drops len // CULL_FREQUENCY';
    const { exhibits, ...verdict } = judged(eviction, [room, one, same, shared]);
    expect(verdict).toEqual({
      agreement: 'agrees',
      sentence:
        'After settling, 4 workers of 300 entries each had a hit rate of 45.0 % where one had 44.0 %: ' +
        '1.0 points apart; chance allows ± 5.7 points. They had started at 33.0 % and 41.0 %. With ' +
        'the same memory in all, 4 × 75, it is 24.0 %.',
      findings: [
        'C10 evictions, 1 × 300 entries, 240 keys: 0 entries of 0 (exactly; formula: a cache that is not full drops nothing) ✔',
        `C10 entries that 5 culls dropped, 1 × 300 entries, 1200 keys: 500 entries of 500 (${drops}) ✔`,
        `C10 hit rate, cold start, 1 × 300 entries, 1200 keys: 0.41 ${rate(0.42)}`,
        `C10 hit rate, steady, 1 × 300 entries, 1200 keys: 0.44 ${rate(0.46)}`,
        `C10 entries that 7 culls dropped, 4 × 300 entries, 1200 keys: 700 entries of 700 (${drops}) ✔`,
        `C4 hit rate, cold start, 4 × 300 entries, 1200 keys: 0.33 ${rate(0.34)}`,
        `C4 hit rate, steady, 4 × 300 entries, 1200 keys: 0.45 ${rate(0.47)}`,
        `C10 entries that 9 culls dropped, 4 × 75 entries, 1200 keys: 225 entries of 225 (${drops}) ✔`,
        `C4 hit rate, cold start, 4 × 75 entries, 1200 keys: 0.22 ${rate(0.23)}`,
        `C4 hit rate, steady, 4 × 75 entries, 1200 keys: 0.24 ${rate(0.26)}`,
        'C4 steady hit rate of 4 × 300 entries, 1200 keys above that of one worker: 0.01 share of 0 ' +
          '(-0.0282843 to 0.0282843 in 95 % by both intervals, added as independent, step 0; formula: ' +
          'Che: the hit rate of a full LRU cache depends on its size, not on its share of requests) ✔',
      ],
    });
    expect(exhibits).toEqual([
      [
        'table price-of-memory: What each way to spend memory buys',
        'Entries allowed in all workers together, and the hit rates that result.',
        'arm | entries allowed (count) | cold start (percent) | steady (percent) | expected (percent) | culls (count) | evictions (count)',
        '1 × 300 entries, 240 keys | 300 | 0.81 | 0.97 | 0.99 | 1 | 0',
        '1 × 300 entries, 1200 keys | 300 | 0.41 | 0.44 | 0.46 | 5 | 500',
        '4 × 300 entries, 1200 keys | 1200 | 0.33 | 0.45 | 0.47 | 7 | 700',
        '4 × 75 entries, 1200 keys | 300 | 0.22 | 0.24 | 0.26 | 9 | 225',
      ],
    ]);
  });

  test('that hit less often when there are more of them disagree, and so do better ones', () => {
    const worse = { ...tight, workers: 4, steady: 0.38 };
    const above = 'steady hit rate of 4 × 300 entries, 1200 keys above that of one worker';
    expect(disagreeing(eviction, [room, one, arm(worse), shared])).toEqual([above]);
    const better = arm({ ...worse, steady: 0.5 });
    expect(disagreeing(eviction, [room, one, better, shared])).toEqual([above]);
    const { findings } = judged(eviction, [room, one, better, shared]);
    expect(findings.at(-1)).toContain('one worker: 0.06 share of 0 (');
  });

  test('are not too small while all keys just fit', () => {
    const fits = arm({ ...tight, keys: 300, evictions: 0 });
    expect(judged(eviction, [fits]).findings).toEqual([
      'C10 evictions, 1 × 300 entries, 300 keys: 0 entries of 0 (exactly; formula: a cache that is not full drops nothing) ✔',
    ]);
  });

  test('that drop another number than Django, or that had room and dropped, disagree', () => {
    const roomy = arm({ ...tight, keys: 240, evictions: 1 });
    const odd = arm({ ...tight, evictions: 499 });
    expect(disagreeing(eviction, [roomy, odd])).toEqual([
      'evictions, 1 × 300 entries, 240 keys',
      'entries that 5 culls dropped, 1 × 300 entries, 1200 keys',
    ]);
    const never = arm({ ...tight, culls: 0, evictions: 0 });
    never.phases[0]!.workers[0]!.culls = 0;
    never.phases[2]!.workers[0]!.culls = 0;
    expect(disagreeing(eviction, [never])).toEqual([
      'entries that 0 culls dropped, 1 × 300 entries, 1200 keys',
    ]);
  });

  test('are compared where both are there, and hold against nothing without a figure', () => {
    expect(judged(eviction, [room, one, same]).sentence).toMatch(/^Nothing was measured\./);
    expect(judged(eviction, [room, same, shared]).sentence).toMatch(/^Nothing was measured\./);
    expect(judged(eviction, [same]).findings).toHaveLength(3);
    const silent = (arm: Arm) => {
      const unknown = structuredClone(arm);
      unknown.phases[2]!.expected = null;
      unknown.phases[2]!.totals.hitRate = null;
      return unknown;
    };
    for (const arms of [
      [one, silent(same)],
      [silent(one), same],
    ]) {
      expect(judged(eviction, arms).findings.at(-1)).toBe(
        'C4 steady hit rate of 4 × 300 entries, 1200 keys above that of one worker: – share ·',
      );
    }
  });
});

describe('the figures of what stays', () => {
  // Steady hit rates of Che and of the cull, by band, are those of scenarios/theory/of-arm.test.ts.
  test('are a saw-tooth of entries, and hit rates by popularity', () => {
    const arms = [room, one, arm({ ...sharedStory, seen })];
    const { exhibits } = judged(eviction, arms);
    expect(exhibits[0]).toEqual([
      'lines entries-over-time: Entries in worker 1 during the steady phase',
      'A full cache makes room by dropping several entries at once, the least recently used ones: with CULL_FREQUENCY 3, 100 of 300. Then it fills up again. A working set that just fits loses nothing.',
      'x: requests to the fleet, count; y: entries held, count',
      '4 × 75 entries, 1200 keys, measured: 0 → 2 | 2 → 3 | 3 → 1 | 4 → 2',
    ]);
    const bars = exhibits[1]!;
    expect(bars.slice(0, -1)).toEqual([
      'bars hit-rate-by-popularity: Hit rate in the steady phase, by popularity of the key',
      'The least recently used entries go first, so popular keys stay. The expected values are those of a settled cache.',
      'y: hit rate, percent',
      'rank 1 to 30 | rank 31 to 120 | rank 121 to 300 | rank 301 to 600 | rank 601 to 1200',
      '4 × 75 entries, 1200 keys, measured: 0.666667 | 0.333333 | – | – | 0',
    ]);
    expect(bars.at(-1)).toMatch(/^expected of 75 entries, expected: 0\.\d+ \| 0\.\d+ \|/);
    expect(exhibits).toHaveLength(3);
  });

  test('expect one rate for each size of cache, however many there are of it', () => {
    const arms = [tight, { ...tight, workers: 4 }, sharedStory].map((story) =>
      arm({ ...story, seen }),
    );
    const names = judged(eviction, arms)
      .exhibits[1]!.slice(4)
      .map((line) => line.split(':')[0]);
    expect(names).toEqual([
      '1 × 300 entries, 1200 keys, measured',
      '4 × 300 entries, 1200 keys, measured',
      '4 × 75 entries, 1200 keys, measured',
      'expected of 300 entries, expected',
      'expected of 75 entries, expected',
    ]);
  });

  test('say how many a cull drops, whatever CULL_FREQUENCY is', () => {
    const all = arm({ ...tight, seen });
    all.cache.cullFrequency = 0;
    expect(judged(eviction, [all]).exhibits[0]![1]).toContain('CULL_FREQUENCY 0, 300 of 300.');
    all.cache.cullFrequency = 7;
    expect(judged(eviction, [all]).exhibits[0]![1]).toContain('CULL_FREQUENCY 7, 42 of 300.');
  });

  test('leave out caches with room to spare, and what was not traced', () => {
    const roomy = arm({ ...tight, keys: 299, seen });
    expect(judged(eviction, [roomy]).exhibits.map(([head]) => head)).toEqual([
      'table price-of-memory: What each way to spend memory buys',
    ]);
    const fits = arm({ ...tight, keys: 300, seen });
    expect(judged(eviction, [fits]).exhibits[0]![3]).toMatch(
      /^1 × 300 entries, 300 keys, measured/,
    );
  });

  test('have no band without a key', () => {
    const few = arm({ ...tight, maxEntries: 10, keys: 13, seen });
    expect(judged(eviction, [few]).exhibits[1]![3]).toBe(
      'rank 1 to 1 | rank 2 to 3 | rank 4 to 7 | rank 8 to 13',
    );
  });

  test('show what is not known as unknown', () => {
    const cut = (whole: Arm, to: number) => ({ ...whole, phases: whole.phases.slice(0, to) });
    const priceOf = (phases: number) =>
      judged(eviction, [cut(one, phases)])
        .exhibits[0]!.at(-1)!
        .split(' keys | ')[1];
    expect(priceOf(1)).toBe('300 | 0.41 | – | – | 1 | 0');
    expect(priceOf(0)).toBe('300 | – | – | – | 0 | 0');
    const { sentence } = judged(eviction, [one, same, cut(shared, 1)]);
    expect(sentence).toContain('With the same memory in all, 4 × 75, it is unknown.');
  });
});

test('what it is about, and what it plans', () => {
  expect(factsOf(eviction)).toEqual({
    name: 'eviction',
    question: 'What happens when there is more to remember than MAX_ENTRIES allows?',
    claims: ['C10', 'C4'],
    seconds: 13,
    originOrders: 4_000,
    defaults: { keys: 1_200, requests: 3_000 },
    quick: { workers: [2], keys: 240, maxEntries: 60, requests: 1_500 },
    unused: {
      ratePerSecond: 'eviction depends on which keys come, not on how fast.',
      timeoutSeconds: 'entries never expire here, so that every removal is an eviction.',
      rounds: 'use --seed for other keys.',
    },
  });
  const timeoutSeconds = null;
  expect(planned(eviction, { workers: [2, 4], maxEntries: 301 })).toEqual([
    { name: '1 × 301 entries, 1,200 keys', workers: 1, timeoutSeconds },
    { name: '1 × 301 entries, 301 keys', workers: 1, keys: 301, timeoutSeconds },
    { name: '1 × 301 entries, 240 keys', workers: 1, keys: 240, timeoutSeconds },
    { name: '2 × 150 entries, 1,200 keys', workers: 2, maxEntries: 150, timeoutSeconds },
    { name: '2 × 301 entries, 1,200 keys', workers: 2, timeoutSeconds },
    { name: '4 × 75 entries, 1,200 keys', workers: 4, maxEntries: 75, timeoutSeconds },
    { name: '4 × 301 entries, 1,200 keys', workers: 4, timeoutSeconds },
  ]);
});

test('what it refuses', () => {
  expect(refusals(eviction, { keys: 360 })).toEqual([]);
  expect(refusals(eviction, { maxEntries: 12, workers: [2, 4] })).toEqual([]);
  const wrong = { workers: [1, 4], maxEntries: 39, cullFrequency: 10, keys: 46 };
  expect(refusals(eviction, { ...wrong, popularity: 'cyclic' })).toEqual([
    'workers: it has arms with 1 worker, and compares them with more; give 2 or more',
    'keys: nearly all would fit; use 47 or more',
    'maxEntries: shared out among 4 workers that leaves 9 each, too few to cull from',
    'popularity: a cycle falls into step with the routing, and theory assumes random keys',
  ]);
  expect(refusals(eviction, { maxEntries: 11 })).toEqual([
    'maxEntries: shared out among 4 workers that leaves 2 each, too few to cull from',
  ]);
  expect(refusals(eviction, { maxEntries: 40, cullFrequency: 10 })).toEqual([]);
});
