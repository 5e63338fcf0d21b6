import Value from 'typebox/value';
import { expect, test } from 'vitest';
import { Arm } from './schema.ts';
import { BACKENDS, CHOSEN_LAUNCHERS, OUTCOMES, SERVICES } from './vocabulary.ts';

test('of each backend it is known who has a cache, and what has to run for it', () => {
  expect(
    Object.entries(BACKENDS).map(([name, { caches, service }]) => [name, caches, service]),
  ).toEqual([
    ['dummy', 'none', null],
    ['file', 'one', null],
    ['locmem', 'each', null],
    ['memcached', 'one', 'memcached'],
    ['redis', 'one', 'redis'],
    ['sqlite', 'one', null],
    ['tiered', 'one', 'redis'],
  ]);
  expect(SERVICES).toEqual(['redis', 'memcached']);
  expect(CHOSEN_LAUNCHERS).toEqual(['cluster', 'pm2', 'gunicorn']);
});

test('the numbers by which saved traces tell outcomes do not change', () => {
  expect({ ...OUTCOMES }).toEqual({
    ...{ 0: 'hit', 1: 'cold', 2: 'expired', 3: 'evicted', 4: 'error', 5: 'none' },
  });
});

test('a record has these words and no others', () => {
  const { launcher, backend, routing, scheduling, persistence, workload } = Arm.properties;
  const { popularity } = workload.properties;
  const tried =
    'threads gunicorn pm2 cluster fork tiered sqlite redis memcached locmem file dummy disk by-key fresh keep-alive round-robin none append-only_file cyclic uniform zipf';
  const words = tried.split(' ').map((word) => word.replace('_', ' '));
  const known = [launcher, backend, routing, scheduling, persistence, popularity].map((schema) =>
    words.filter((word) => Value.Check(schema, word)).join(', '),
  );
  expect(known).toEqual([
    'threads, gunicorn, pm2, cluster',
    'tiered, sqlite, redis, memcached, locmem, file, dummy',
    'by-key, fresh, keep-alive',
    'round-robin, none',
    'none, append-only file',
    'cyclic, uniform, zipf',
  ]);
});
