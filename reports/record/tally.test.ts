import { expect, test } from 'vitest';
import { distinctPhase } from './fixtures/distinct-figures.ts';
import type { Phase } from './schema.ts';
import {
  hitRateOf,
  lookupsOf,
  median,
  missesOf,
  phaseOf,
  phasesInTurn,
  requestsOf,
  sum,
} from './tally.ts';

const figures = { hits: 6, misses: { cold: 1, expired: 2, evicted: 3 } };

test('misses of all reasons, and with the hits all lookups', () => {
  expect(missesOf(figures)).toBe(6);
  expect(lookupsOf(figures)).toBe(12);
  expect(hitRateOf(figures)).toBe(0.5);
});

test('without a lookup there is no hit rate', () => {
  expect(hitRateOf({ hits: 0, misses: { cold: 0, expired: 0, evicted: 0 } })).toBeNull();
});

test('numbers are added up, whatever holds them', () => {
  expect(sum([1, 2, 4])).toBe(7);
  expect(sum(new Map([['a', 3]]).values())).toBe(3);
  expect(sum([])).toBe(0);
});

test('the median is the value in the middle, or the mean of two', () => {
  expect(median([10, 1, 3])).toBe(3);
  expect(median([10, 1, 3, 4])).toBe(3.5);
  expect(median([])).toBeNull();
  const values = [2, 1];
  median(values);
  expect(values).toEqual([2, 1]);
});

test('a phase is found by its name', () => {
  const phases = [{ name: 'cold start' }, { name: 'steady' }] as Phase[];
  expect(phaseOf({ phases }, 'steady')).toBe(phases[1]);
  expect(phaseOf({ phases }, 'settling')).toBeUndefined();
});

test('phases stand on one axis of requests, each after those before it', () => {
  const phases = [5, 3, 9].map((from) => distinctPhase(`${from}`, from));
  expect(requestsOf({ phases })).toBe(38 + 36 + 42);
  const starts = phasesInTurn({ phases }).map(({ phase, start }) => [phase.name, start]);
  expect(starts).toEqual([
    ['5', 0],
    ['3', 38],
    ['9', 38 + 36],
  ]);
});
