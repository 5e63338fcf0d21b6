import { describe, expect, test } from 'vitest';
import type { BackendName } from '../../reports/record/vocabulary.ts';
import { armsOf } from '../kit/fixtures/arm.ts';
import { disagreeing, judged } from '../kit/fixtures/judged.ts';
import { factsOf, planned, refusals } from '../kit/fixtures/options.ts';
import { lostSession } from './scenario.ts';

/** Whether worker `slot` knows who logged in at worker `login`. */
type Knows = (slot: number, login: number) => boolean;

/** A visit whose login was at worker `route[0]`. */
const visit = ([login, ...pages]: number[], knows: Knows) => ({
  login: login!,
  pages: pages.map((slot) => ({ slot, recognised: knows(slot, login!) })),
});

/** A client that goes round, and visits to every pair of workers once, whoever had the login. */
function arm(knows: Knows, { workers = 4, backend = 'locmem' as BackendName } = {}) {
  const everyRoute = Array.from({ length: workers ** 3 }, (_, i) =>
    [i, i / workers, i / workers ** 2].map((place) => 1 + (Math.floor(place) % workers)),
  );
  const turn = Array.from({ length: 6 * workers + 1 }, (_, i) => 1 + (i % workers));
  return armsOf(lostSession)({
    ...{ workers, backend },
    observations: {
      inTurn: visit(turn, knows),
      atRandom: everyRoute.map((route) => visit(route, knows)),
    },
  });
}

const ofTheProcess: Knows = (slot, login) => slot === login;
const ofAll: Knows = () => true;

describe('sessions', () => {
  test('that only their own worker knows agree with theory', () => {
    const { exhibits, ...verdict } = judged(lostSession, [arm(ofTheProcess)]);
    const chance = (value: number, low: number, high: number) =>
      `of ${value} (${low} to ${high} in 99.99 % by binomial, step 0; formula`;
    expect(verdict).toEqual({
      agreement: 'agrees',
      sentence:
        'With 4 workers 25.0 % of 128 pages knew the visitor, and 4 of 64 visits (6.3 %) never ' +
        'lost the login; one worker lost none.',
      findings: [
        'C16 4 workers: pages at which the worker of the login did not know the visitor, or another did: 0 pages of 0 (exactly; formula: a session is in the memory of the process that made it) ✔',
        'C16 4 workers: pages recognised, workers in turn: 6 pages of 6 (4 to 8: two pages more or less: a worker that is late shifts the turn; formula: strict round robin: every N-th) ✔',
        `C16 4 workers: pages recognised, workers at random: 32 pages ${chance(32, 14, 52)}: random routing: 1/N for N caches) ✔`,
        `C16 4 workers: visits of 2 pages that never lost the login: 4 visits ${chance(4, 0, 13)}: random routing: N to the power of −m for m pages and N caches) ✔`,
      ],
    });
    const [strip, ...bars] = exhibits;
    expect(strip!.slice(0, 13)).toEqual([
      'strip visit: One visit, page by page',
      'The number is the worker that answered. Only the worker where the visitor logged in has the session.',
      'step: page',
      'good: recognised',
      'bad: a stranger',
      'neutral: logged in',
      'empty: ',
      `4 workers: neutral 1 | ${new Array(6).fill('bad 2 | bad 3 | bad 4 | good 1').join(' | ')}`,
      '  logged in at worker 1',
      '  page 1: worker 2 did not know the visitor',
      '  page 2: worker 3 did not know the visitor',
      '  page 3: worker 4 did not know the visitor',
      '  page 4: worker 1 knew the visitor',
    ]);
    expect(bars).toEqual([
      [
        'bars recognised: Pages recognised when any worker may answer',
        'Pages at random workers: measured, and 1/N.',
        'y: pages recognised, percent',
        '4 workers',
        'measured, measured: 0.25',
        '1/N, expected: 0.25',
      ],
      [
        'bars kept: Visits of 2 pages that never lost the login',
        'A visit survives only if every page finds the worker of the login.',
        'y: visits, percent',
        '4 workers',
        'measured, measured: 0.0625',
        'N to the power of −2, expected: 0.0625',
      ],
    ]);
  });

  test('that every worker knows disagree with it, in each finding', () => {
    expect(disagreeing(lostSession, [arm(ofAll)])).toHaveLength(4);
  });

  test('that a wrong worker knew once, or the right one forgot once, are noticed', () => {
    for (const wrong of [true, false]) {
      let pages = 0;
      const once: Knows = (slot, login) =>
        (slot === login) === wrong && ++pages === 1 ? !wrong : slot === login;
      expect(disagreeing(lostSession, [arm(once)])).toEqual([
        '4 workers: pages at which the worker of the login did not know the visitor, or another did',
      ]);
    }
  });

  test.each([
    [3, false],
    [4, true],
    [8, true],
    [9, false],
  ])('that were recognised %i times in turn instead of 6: agrees is %s', (recognised, agrees) => {
    const shifted = arm(ofTheProcess);
    const pages = shifted.observations.inTurn.pages.map((page, i) => ({
      slot: i < recognised ? 1 : 2,
      recognised: i < recognised && page.slot > 0,
    }));
    const observations = { ...shifted.observations, inTurn: { login: 1, pages } };
    expect(disagreeing(lostSession, [{ ...shifted, observations }])).toEqual(
      agrees ? [] : ['4 workers: pages recognised, workers in turn'],
    );
  });
});

test('one worker forgets nobody, exactly', () => {
  const one = judged(lostSession, [arm(ofTheProcess, { workers: 1 })]);
  expect(one.agreement).toBe('agrees');
  expect(one.findings.slice(1)).toEqual([
    'C16 1 worker: pages recognised, workers in turn: 6 pages of 6 (exactly; formula: strict round robin: every N-th) ✔',
    'C16 1 worker: pages recognised, workers at random: 2 pages of 2 (exactly; formula: random routing: 1/N for N caches) ✔',
    'C16 1 worker: visits of 2 pages that never lost the login: 1 visits of 1 (exactly; formula: random routing: N to the power of −m for m pages and N caches) ✔',
  ]);
});

test('with a shared cache every page knows the visitor, or it shares nothing', () => {
  const cured = { workers: 2, backend: 'redis' as const };
  const { agreement, findings, exhibits } = judged(lostSession, [arm(ofAll, cured)]);
  expect(agreement).toBe('agrees');
  expect(findings[0]).toContain('a session is in the one cache that all workers share) ✔');
  expect(exhibits[1]!.slice(-2)).toEqual(['measured, measured: 1', '1/N, expected: 1']);
  expect(disagreeing(lostSession, [arm(ofTheProcess, cured)])).toHaveLength(4);
});

test('the sentence is about the arm that forgets most', () => {
  const arms = [arm(ofAll, { backend: 'redis' as const }), arm(ofTheProcess, { workers: 3 })];
  expect(judged(lostSession, arms).sentence).toMatch(/^With 3 workers 33\.3 % of 54 pages/);
});

test('what it is about, and what it plans', () => {
  const noPages = 'it requests no user pages, but for pages behind a login.';
  const stay = 'its few entries must stay in their caches while it runs.';
  expect(factsOf(lostSession)).toEqual({
    name: 'lost-session',
    question: 'Why does a server forget someone who has just logged in?',
    claims: ['C16'],
    seconds: 4,
    defaults: { requests: 1_800 },
    quick: { workers: [3], requests: 600 },
    uses: ['backends'],
    unused: {
      ...{ keys: noPages, zipf: noPages, popularity: noPages },
      ...{ maxEntries: stay, timeoutSeconds: stay, cullFrequency: stay },
      originDelayMillis: 'sessions are not in the database.',
      connections: 'each page takes its own connection.',
      routing: 'each page takes its own connection, in turn and then at random.',
      ratePerSecond: 'a visitor requests the next page only after the last one.',
    },
  });
  expect(planned(lostSession)).toEqual([
    { name: '1 worker', workers: 1, features: ['sessions'], routing: 'fresh' },
    { name: '4 workers', workers: 4, features: ['sessions'], routing: 'fresh' },
  ]);
});

test('what it refuses', () => {
  expect(refusals(lostSession, { workers: [1, 2], requests: 100 })).toEqual([]);
  const wrong = { workers: [1], requests: 99, backends: ['dummy'] } as const;
  expect(refusals(lostSession, wrong)).toEqual([
    'workers: with one worker no session is lost; the baseline of one worker runs anyway, so give 2 or more',
    'requests: fewer visits do not tell chance from rule; use 100 or more',
    'backends: dummy keeps nothing, so there is nothing to separate or share',
  ]);
});
