import { expect, test } from 'vitest';
import type { TrafficResponse } from '../kit/contract.ts';
import { AskedWatch } from './asked.ts';

const response = (key: number, latencyMicros: number, timing?: string): TrafficResponse => ({
  ...{ key, latencyMicros, status: 200, slot: 1, outcome: 'hit', arrivedMillis: 1, body: '' },
  headers: { 'server-timing': timing },
});

test('each request has its place among those for its key, and the time in the database', () => {
  const watch = new AskedWatch();
  watch.see(response(7, 2_000.4, 'cache;dur=0.1, origin;dur=1.7006'));
  watch.see(response(8, 1_900.6, 'origin;dur=1.6'));
  watch.see(response(7, 200, 'cache;dur=0.1'));
  watch.see(response(7, 210));
  expect(watch.asked).toEqual({
    nth: [1, 1, 2, 3],
    latencyMicros: [2_000, 1_901, 200, 210],
    originMicros: [1_701, 1_600, 0, 0],
  });
});
