import { expect, test } from 'vitest';
import { cachesOf } from '../../reports/record/arms.ts';
import type { BackendName } from '../../reports/record/vocabulary.ts';
import { eachFleet, eachKindOfFleet, isCured, nameOf, planArm, slotsOf } from './arms.ts';
import { OPTIONS } from './fixtures/options.ts';

test('a plan is what the person chose, what the scenario sets, and what is usual', () => {
  const { workers: _w, launchers: _l, backends: _b, rounds: _r, ...chosen } = OPTIONS;
  expect(planArm(OPTIONS, { workers: 2 })).toEqual({
    ...chosen,
    ...{ name: '2 workers', workers: 2, launcher: 'cluster', backend: 'locmem' },
    ...{ round: 1, servers: 1 },
    ...{ scheduling: 'round-robin', persistence: 'none', features: [] },
  });
  const given = { name: 'mine', workers: 1, routing: 'fresh', servers: 2, round: 3 } as const;
  expect(planArm({ ...OPTIONS, backends: ['redis', 'locmem'] }, given)).toMatchObject({
    ...given,
    backend: 'redis',
  });
  expect(planArm({ ...OPTIONS, backends: [] }, { workers: 1 }).backend).toBe('locmem');
});

test('with several launchers there is an arm for each, named after it; Gunicorn leaves connections to the kernel', () => {
  const launchers = ['cluster', 'gunicorn'] as const;
  const arms = eachKindOfFleet({ ...OPTIONS, workers: [2], launchers }, { features: ['x'] });
  expect(arms.map(({ name, launcher, scheduling }) => [name, launcher, scheduling])).toEqual([
    ['1 worker, cluster', 'cluster', 'round-robin'],
    ['1 worker, gunicorn', 'gunicorn', 'none'],
    ['2 workers, cluster', 'cluster', 'round-robin'],
    ['2 workers, gunicorn', 'gunicorn', 'none'],
  ]);
});

test('names can be typed: their spaces are plain', () => {
  expect(nameOf(1, 'worker')).toBe('1 worker');
  expect(nameOf(1_000, 'connection')).toBe('1,000 connections');
});

test('one worker is there for comparison, once, and fleets are in order of size', () => {
  const names = (workers: number[]) =>
    eachFleet({ ...OPTIONS, workers }).map(({ name, workers }) => [name, workers]);
  expect(names([4])).toEqual([
    ['1 worker', 1],
    ['4 workers', 4],
  ]);
  expect(names([10, 2, 1, 2])).toEqual([
    ['1 worker', 1],
    ['2 workers', 2],
    ['10 workers', 10],
  ]);
  expect(eachFleet(OPTIONS, { routing: 'fresh' })[1]).toMatchObject({ routing: 'fresh' });
});

test('arms are named after their backend only where that tells them apart', () => {
  const names = (backends: BackendName[]) =>
    eachKindOfFleet({ ...OPTIONS, backends }, { features: ['x'] }).map(
      ({ name, backend, features }) => `${name} / ${backend} / ${features}`,
    );
  expect(names(['locmem'])).toEqual(['1 worker / locmem / x', '4 workers / locmem / x']);
  expect(names(['redis'])).toEqual(['1 worker, redis / redis / x', '4 workers, redis / redis / x']);
  expect(names(['locmem', 'redis'])).toEqual([
    '1 worker, locmem / locmem / x',
    '1 worker, redis / redis / x',
    '4 workers, locmem / locmem / x',
    '4 workers, redis / redis / x',
  ]);
});

test('slots are counted from 1', () => {
  expect(slotsOf({ workers: 3 })).toEqual([1, 2, 3]);
});

test('workers with local memory have a cache each, with a service one between them', () => {
  const caches = (workers: number, backend: BackendName) => [
    cachesOf({ workers, backend }),
    isCured({ workers, backend }),
  ];
  expect(caches(4, 'locmem')).toEqual([4, false]);
  expect(caches(4, 'memcached')).toEqual([1, true]);
  expect(caches(4, 'tiered')).toEqual([1, true]);
  expect(caches(2, 'redis')).toEqual([1, true]);
  expect(caches(1, 'redis')).toEqual([1, false]);
  expect(caches(1, 'locmem')).toEqual([1, false]);
});
