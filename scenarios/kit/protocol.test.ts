import { expect, test } from 'vitest';
import { pageName, pageOf, randomSlots, serverMicros } from './protocol.ts';

/** What several protocols do, and how they read it. */

test('the first key is the page of user 1', () => {
  expect(pageName(0)).toBe('user_1');
  expect(pageOf(122)).toEqual({ path: '/users/123', key: 122 });
});

test('random workers are all equally likely, and the same seed repeats them', () => {
  const drawn = randomSlots({ workers: 3, seed: 5 }, 3_000);
  const counts = [1, 2, 3].map((slot) => drawn.filter((one) => one === slot).length);
  expect(counts[0]! + counts[1]! + counts[2]!).toBe(3_000);
  // 1,000 each, with a standard deviation of 26.
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(4 * 26);
  expect(randomSlots({ workers: 3, seed: 5 }, 3_000)).toEqual(drawn);
  expect(randomSlots({ workers: 3, seed: 6 }, 3_000)).not.toEqual(drawn);
});

test('Server-Timing is read by name, in milliseconds there and microseconds here', () => {
  const headers = { 'server-timing': 'cache;dur=0.012, store;dur=1.5, origin;dur=20' };
  expect(serverMicros(headers, 'cache')).toBeCloseTo(12, 9);
  expect(serverMicros(headers, 'store')).toBe(1_500);
  expect(serverMicros(headers, 'origin')).toBe(20_000);
  expect(serverMicros(headers, 'tore')).toBeNull();
  expect(serverMicros({}, 'cache')).toBeNull();
});
