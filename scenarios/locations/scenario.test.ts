import { describe, expect, test } from 'vitest';
import { armsOf } from '../kit/fixtures/arm.ts';
import { disagreeing, judged } from '../kit/fixtures/judged.ts';
import { factsOf, planned, refusals } from '../kit/fixtures/options.ts';
import { locations } from './scenario.ts';

/** Two caches with one LOCATION, and one with another. */
const LOCATIONS: Record<string, string> = { users: 'a', orders: 'a', default: '' };
const NAMES = Object.keys(LOCATIONS);
const withTheSame = (written: string) =>
  NAMES.filter((name) => LOCATIONS[name] === LOCATIONS[written]);

/** `seenBy` says which caches of a worker see what was written at worker 1. */
const arm = (seenBy: (written: string, slot: number) => string[], workers = 2) =>
  armsOf(locations)({
    workers,
    observations: {
      locations: LOCATIONS,
      sights: NAMES.flatMap((written) =>
        Array.from({ length: workers }, (_, i) => ({
          ...{ written, slot: i + 1, seenBy: seenBy(written, i + 1) },
        })),
      ),
    },
  });
const asTheyShould = (written: string, slot: number) => (slot === 1 ? withTheSame(written) : []);

const inside = '2 workers: pairs of caches in one worker that see the same entries';
const odd = '2 workers: pairs in one worker that contradict their LOCATION';
const across =
  '2 workers: caches of other workers that see what was written, the same LOCATION or not';

describe('a LOCATION', () => {
  test('is one store in one process', () => {
    expect(judged(locations, [arm(asTheyShould)])).toEqual({
      agreement: 'agrees',
      sentence:
        'Of 3 × 3 pairs of caches in one process 5 saw the same entries. In 1 other worker no cache ' +
        'saw any of them.',
      findings: [
        `C3 ${inside}: 5 pairs of 5 (exactly; construction: caches with the same LOCATION are one store, and so are those without one) ✔`,
        `C3 ${odd}: 0 pairs of 0 (exactly; construction: the same LOCATION: seen; another: not seen) ✔`,
        `C4 ${across}: 0 caches of 0 (exactly; formula: a LOCATION names a store within one process) ✔`,
      ],
      exhibits: [
        [
          'strip who-sees: Who sees what was written at worker 1 (2 workers)',
          'A column for each cache that was written to, a row for each that looked.',
          'step: cache written to',
          'good: sees it',
          'bad: ',
          'neutral: ',
          'empty: does not see it',
          'worker 1: users: good ✓ | good ✓ | empty',
          '  written to “users” at worker 1: “users” at worker 1 sees it',
          '  written to “orders” at worker 1: “users” at worker 1 sees it',
          '  written to “default” at worker 1: “users” at worker 1 does not see it',
          'worker 1: orders: good ✓ | good ✓ | empty',
          '  written to “users” at worker 1: “orders” at worker 1 sees it',
          '  written to “orders” at worker 1: “orders” at worker 1 sees it',
          '  written to “default” at worker 1: “orders” at worker 1 does not see it',
          'worker 1: default: empty | empty | good ✓',
          '  written to “users” at worker 1: “default” at worker 1 does not see it',
          '  written to “orders” at worker 1: “default” at worker 1 does not see it',
          '  written to “default” at worker 1: “default” at worker 1 sees it',
          ...NAMES.flatMap((name) => [
            `worker 2: ${name}: empty | empty | empty`,
            ...NAMES.map(
              (written) =>
                `  written to “${written}” at worker 1: “${name}” at worker 2 does not see it`,
            ),
          ]),
        ],
      ],
    });
  });

  test('that reaches another process disagrees', () => {
    const reaching = [arm(withTheSame)];
    expect(disagreeing(locations, reaching)).toEqual([across]);
    expect(judged(locations, reaching).sentence).toContain('In 1 other worker 5 caches saw any');
  });

  test('that brings nothing together, or all, or the wrong ones, disagrees', () => {
    const only = (of: (written: string) => string[]) => [
      arm((written, slot) => (slot === 1 ? of(written) : [])),
    ];
    expect(
      disagreeing(
        locations,
        only((written) => [written]),
      ),
    ).toEqual([inside, odd]);
    expect(
      disagreeing(
        locations,
        only(() => NAMES),
      ),
    ).toEqual([inside, odd]);
    const swapped: Record<string, string> = { users: 'default', default: 'users' };
    const wrong = only((written) => withTheSame(written).map((name) => swapped[name] ?? name));
    expect(disagreeing(locations, wrong)).toEqual([odd]);
  });

  test('is told of in the last arm, and each arm has its own strip', () => {
    const { sentence, exhibits } = judged(locations, [arm(asTheyShould), arm(asTheyShould, 3)]);
    expect(sentence).toContain('In 2 other workers no cache');
    expect(exhibits.map(([head]) => head!.split(':')[0])).toEqual([
      'strip who-sees',
      'strip who-sees-2',
    ]);
    expect(exhibits[1]).toContain('worker 3: users: empty | empty | empty');
  });
});

test('what it is about, and what it plans', () => {
  const noPages = 'it requests no user pages, but for keys of its own.';
  const once = 'each worker gets one lookup per key, over its own connection.';
  const stay = 'its few entries must stay in their caches while it runs.';
  expect(factsOf(locations)).toEqual({
    name: 'locations',
    question: 'What does LOCATION separate, and what can it not join?',
    claims: ['C3', 'C4'],
    seconds: 2,
    defaults: { workers: [2] },
    quick: { workers: [3] },
    unused: {
      ...{ keys: noPages, zipf: noPages, popularity: noPages },
      ...{ requests: once, connections: once, routing: once, ratePerSecond: once },
      ...{ maxEntries: stay, timeoutSeconds: stay, cullFrequency: stay },
      originDelayMillis: 'nothing comes from the database.',
    },
  });
  expect(planned(locations, { workers: [2, 4] })).toEqual([
    { name: '2 workers', workers: 2, features: ['locations'] },
    { name: '4 workers', workers: 4, features: ['locations'] },
  ]);
});

test('what it refuses', () => {
  expect(refusals(locations)).toEqual([]);
  expect(refusals(locations, { workers: [1, 2] })).toEqual([
    'workers: it compares what two processes see; give 2 or more',
  ]);
});
