import { describe, expect, test } from 'vitest';
import { DEFAULTS } from '../../lab/console/options.ts';
import { LIMIT } from '../../server/protocol.ts';
import { counter } from '../counter/scenario.ts';
import { lostSession } from '../lost-session/scenario.ts';
import { rateLimit } from '../rate-limit/scenario.ts';
import { stampede } from '../stampede/scenario.ts';
import { cachesOf, eachFleetAndBackend, isCured, mostTelling, refuseBackends } from './arms.ts';
import { recordedArm } from './fixtures/arm.ts';

const REDIS = { backend: 'redis', workers: 2, name: '2 workers, redis' };

test('workers with local memory have a cache each, with a service one between them', () => {
  expect(cachesOf({ workers: 4, backend: 'locmem' })).toBe(4);
  expect(cachesOf({ workers: 4, backend: 'memcached' })).toBe(1);
  expect(isCured({ workers: 4, backend: 'tiered' })).toBe(true);
  expect(isCured({ workers: 1, backend: 'redis' })).toBe(false);
});

test('arms are named after their backend only where that tells them apart', () => {
  const names = (backends: string[]) =>
    eachFleetAndBackend({ ...DEFAULTS, workers: [4], backends }, {}).map(({ name }) => name);
  expect(names(['locmem'])).toEqual(['1 worker', '4 workers']);
  expect(names(['locmem', 'redis'])).toEqual([
    '1 worker, locmem',
    '1 worker, redis',
    '4 workers, locmem',
    '4 workers, redis',
  ]);
});

test('the sentence is about the arm with most caches', () => {
  const arms = [recordedArm(REDIS), recordedArm({ workers: 2 }), recordedArm({ workers: 1 })];
  expect(mostTelling(arms)?.backend).toBe('locmem');
  expect(mostTelling([])).toBeUndefined();
});

test('a backend that makes no sense is refused with its reason', () => {
  expect(refuseBackends(['locmem', 'redis'])).toBeNull();
  expect(refuseBackends(['dummy'])).toMatch(/--backends dummy: it keeps nothing/);
  expect(refuseBackends(['memcached'], { memcached: 'too slow.' })).toMatch(/too slow/);
});

describe('a shared cache that shares nothing disagrees with theory', () => {
  const judged = (scenario: typeof counter, observations: Record<string, unknown>) =>
    scenario.judge([recordedArm({ ...REDIS, observations })], DEFAULTS).verdict.agreement;
  const slots = [1, 2];

  test('rate-limit: each worker let its own limit through', () => {
    const flood = (served: number) => slots.map((slot) => ({ slot, requests: 100, served }));
    const watched = Array.from({ length: 2 * LIMIT }, (_, i) => ({
      slot: 1 + (i % 2),
      remaining: Math.max(0, LIMIT - 1 - i),
    }));
    expect(judged(rateLimit, { flood: flood(LIMIT / 2), watched })).toBe('agrees');
    expect(judged(rateLimit, { flood: flood(LIMIT), watched })).toBe('disagrees');
  });

  test('counter: each worker showed its own visits', () => {
    const scrapes = [{ slot: 1, value: 5, visitsThere: 5, visitsInAll: 12 }];
    const counts = (shown: number[]) =>
      slots.map((slot, i) => ({ slot, visits: [5, 7][i], counter: shown[i] }));
    expect(judged(counter, { scrapes, counts: counts([12, 12]) })).toBe('agrees');
    expect(judged(counter, { scrapes, counts: counts([5, 7]) })).toBe('disagrees');
  });

  test('stampede: each worker loaded once in spite of the lock', () => {
    const burst = (loaded: number) =>
      Array.from({ length: 8 }, (_, i) => ({
        slot: 1 + (i % 2),
        outcome: i < loaded ? 'loaded' : 'waited',
      }));
    const bursts = { withoutLock: [burst(8)], withLock: [burst(1)] };
    expect(judged(stampede, bursts)).toBe('agrees');
    expect(judged(stampede, { ...bursts, withLock: [burst(2)] })).toBe('disagrees');
  });

  test('lost-session: only the worker of the login knew the visitor', () => {
    const visit = (login: number, known: boolean) => ({
      login,
      pages: slots.map((slot) => ({ slot, recognised: known || slot === login })),
    });
    const visits = (known: boolean) => ({
      inTurn: visit(1, known),
      atRandom: Array.from({ length: 100 }, (_, i) => visit(1 + (i % 2), known)),
    });
    expect(judged(lostSession, visits(true))).toBe('agrees');
    expect(judged(lostSession, visits(false))).toBe('disagrees');
  });
});
