import { describe, expect, test } from 'vitest';
import type { Arm, Totals } from '../../reports/record/schema.ts';
import { recordedArm } from '../kit/fixtures/arm.ts';
import { judged } from '../kit/fixtures/judged.ts';
import { factsOf, planned } from '../kit/fixtures/options.ts';
import { hitRate } from './scenario.ts';

/** 4,000 requests, of which so many missed where so many were expected, 15 more or less. */
function arm(
  workers: number,
  missed: number,
  { expected = workers === 1 ? 200 : 725, totals = {} as Partial<Totals> } = {},
  change: Partial<Arm> = {},
) {
  const rate = 1 - missed / 4_000;
  const interval = { kind: 'chance', share: 0.95, how: 'a test', step: 1 } as const;
  const estimate = (value: number, half: number) => ({
    ...{ value, low: value - half, high: value + half },
    ...{ interval, source: 'occupancy', by: 'formula' as const },
  });
  return recordedArm({
    workers,
    ...change,
    phases: [
      {
        expected: { misses: estimate(expected, 15), hitRate: estimate(1 - expected / 4_000, 0.01) },
        totals: {
          ...{ requests: 4_000, hits: 4_000 - missed, hitRate: rate },
          ...{ misses: { cold: missed - 3, expired: 2, evicted: 1 }, originQueries: missed },
          ...{ entries: missed, uniqueEntries: 200, duplicationFactor: missed / 200 },
          ...totals,
        },
      },
    ],
  });
}

const one = arm(1, 200);
const sentenceOf = (...arms: Arm[]) => judged(hitRate, arms).sentence;
const agreementOf = (...arms: Arm[]) => judged(hitRate, arms).agreement;

describe('one worker and four', () => {
  test('are held against occupancy, and the sentence has the figures', () => {
    expect(judged(hitRate, [one, arm(4, 729)])).toEqual({
      agreement: 'agrees',
      sentence:
        '4 workers, the same 4,000 requests: the hit rate went from 95.0 % to 81.8 %, and the ' +
        'database got 729 queries instead of 200 (3.6 ×). Each cached page was in ' +
        '3.65 caches on average.',
      findings: [
        '– misses of 1 worker: 200 misses of 200 (185 to 215 in 95 % by a test, step 1; formula: occupancy) ✔',
        'C4 misses of 4 workers: 729 misses of 725 (710 to 740 in 95 % by a test, step 1; formula: occupancy) ✔',
        'C14 misses of 4 workers that another worker could have answered: – misses ·',
        'C15 hit rate of 1 worker above that of 4 workers: 0.13225 share of 0.13125 (0.117108 to 0.145392 in 95 % by both intervals, added as independent, step 0; formula: what is expected of the one, less what is expected of the other) ✔',
      ],
      exhibits: [],
    });
  });

  test.each([
    [694, 'disagrees'],
    [695, 'agrees'],
    [755, 'agrees'],
    [756, 'disagrees'],
  ])('%i misses of 725 ± 15: %s, twice the interval is allowed', (misses, agreement) => {
    expect(agreementOf(one, arm(4, misses))).toBe(agreement);
  });

  test('that miss as often as one share something', () => {
    const shared = arm(4, 200, { totals: { entries: 200, duplicationFactor: 1 } });
    expect(agreementOf(one, shared)).toBe('disagrees');
    expect(sentenceOf(one, shared)).toContain(
      'the hit rate stayed at 95.0 %, and the database got 200 queries instead of 200 (1.0 ×).',
    );
  });

  test('are not said to have answered the same where some requests were lost', () => {
    const lossy = arm(4, 729, { totals: { requests: 3_990 } });
    expect(sentenceOf(one, lossy)).toContain('3,990 requests where one had 4,000: the hit rate');
  });

  test('whose cache fails ask the database for each page, which is no miss', () => {
    const failing = arm(4, 0, { totals: { hitRate: null, errors: 4_000, originQueries: 4_000 } });
    expect(sentenceOf(one, failing)).toContain(
      'from 95.0 % to unknown, and the database got 4,000 queries instead of 200 (20 ×)',
    );
  });

  test('are not divided by nothing', () => {
    const unasked = arm(1, 200, { totals: { originQueries: 0 } });
    expect(sentenceOf(unasked, arm(4, 729))).toContain('got 729 queries instead of 0. Each');
  });

  test('tell nothing of copies where nobody knows them', () => {
    const silent = arm(4, 729, { totals: { duplicationFactor: null } });
    expect(sentenceOf(one, silent)).toMatch(/\(3\.6 ×\)\.$/);
  });
});

test('one worker alone tells what it did', () => {
  expect(sentenceOf(one)).toBe(
    'One worker answered 4,000 requests with a hit rate of 95.0 %; give --workers 4 to see it split.',
  );
  expect(sentenceOf(arm(4, 729))).toMatch(/^Nothing was measured\./);
});

test.each([
  [735, 'Between the launchers the hit rates differ by no more than chance.'],
  [900, 'Between the launchers 1 hit rate differs by more than chance.'],
])('under another launcher %i misses instead of 729: %s', (missed, verdict) => {
  const under = { launcher: 'gunicorn', name: '4 workers, gunicorn' } as const;
  const sentence = sentenceOf(one, arm(4, 729), arm(4, missed, {}, under));
  expect(sentence).toContain(
    `Under gunicorn it was ${((1 - missed / 4_000) * 100).toFixed(1)} % and`,
  );
  expect(sentence.endsWith(verdict)).toBe(true);
  const [finding] = judged(hitRate, [one, arm(4, 729), arm(4, missed, {}, under)]).findings.slice(
    -1,
  );
  expect(finding).toContain('hit rate of 4 workers above that of 4 workers, gunicorn');
});

test('the sentence is about the most workers, and names other backends beside local memory', () => {
  const redis = arm(4, 210, { expected: 200 }, { backend: 'redis', name: '4 workers, redis' });
  expect(sentenceOf(one, arm(2, 380, { expected: 380 }), arm(4, 729), redis)).toMatch(
    /^4 workers, .* With redis it was 94\.8 % and 210 queries\.$/,
  );
});

test('where theory has no figure for several workers, one worker does not decide', () => {
  const cyclic = arm(4, 800);
  cyclic.phases[0]!.expected = null;
  expect(agreementOf(one, cyclic)).toBe('not judged');
  expect(agreementOf(one)).toBe('agrees');
});

test('several rounds come with median and spread', () => {
  const rounds = [30, 10, 20].map((more, index) =>
    arm(4, 700 + more, {}, { round: index + 1, name: `4 workers, round ${index + 1}` }),
  );
  const { exhibits, sentence } = judged(hitRate, [one, ...rounds]);
  expect(exhibits).toEqual([
    [
      'table rounds: Hit rate over the rounds',
      'Each round draws its own keys; the arms of a round share them.',
      'workers | rounds (count) | median (percent) | lowest (percent) | highest (percent)',
      '1 × locmem | 1 | 0.95 | 0.95 | 0.95',
      '4 × locmem | 3 | 0.82 | 0.8175 | 0.8225',
    ],
  ]);
  // Of the first round alone.
  expect(sentence).toMatch(
    /got 730 queries instead of 200 \(3\.6 ×\)\. Each cached page [^.]*3\.65 caches on average\./,
  );
});

test('rounds of a fleet that was never asked have no rate', () => {
  const idle = arm(4, 0, { totals: { hitRate: null } }, { round: 2 });
  expect(judged(hitRate, [one, idle]).exhibits[0]!.at(-1)).toBe('4 × locmem | 0 | – | – | –');
});

test('what it is about, and what it plans', () => {
  expect(factsOf(hitRate)).toEqual({
    name: 'hit-rate',
    question: 'What happens to the hit rate when one server becomes several processes?',
    claims: ['C4', 'C14', 'C15'],
    seconds: 4,
    quick: { workers: [4], requests: 1_000 },
    uses: ['launchers', 'backends', 'rounds'],
  });
  expect(planned(hitRate, { workers: [4, 2], seed: 7 })).toEqual([
    { name: '1 worker', workers: 1 },
    { name: '2 workers', workers: 2 },
    { name: '4 workers', workers: 4 },
  ]);
  const many = planned(hitRate, { rounds: 2, seed: 7, backends: ['locmem', 'redis'] });
  expect(many.map(({ name }) => name)).toEqual([
    '1 worker, locmem, round 1',
    '1 worker, redis, round 1',
    '4 workers, locmem, round 1',
    '4 workers, redis, round 1',
    '1 worker, locmem, round 2',
    '1 worker, redis, round 2',
    '4 workers, locmem, round 2',
    '4 workers, redis, round 2',
  ]);
  // A round repeats the experiment, not the dice.
  expect(many.at(-1)).toMatchObject({ workers: 4, backend: 'redis', round: 2, seed: 8 });
});
