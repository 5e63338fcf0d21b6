import { expect, test } from 'vitest';
import { MOST_CHANGES, ResidencyLog } from './residency-log.ts';

test('changes happen after so many requests, and that never goes back', () => {
  const log = new ResidencyLog();
  log.change(1, 7, 1);
  log.moveTo(5);
  log.change(2, 8, 1);
  log.moveTo(3);
  log.change(1, 7, 0);
  expect(log.columns()).toEqual({
    at: [0, 5, 5],
    slot: [1, 2, 1],
    key: [7, 8, 7],
    held: [1, 1, 0],
  });
});

test('more changes than a person could follow are none', () => {
  const log = new ResidencyLog();
  for (let key = 0; key < MOST_CHANGES; key++) log.change(1, key, 1);
  expect(log.columns()?.key).toHaveLength(MOST_CHANGES);
  for (let key = 0; key < 10; key++) log.change(1, key, 0);
  expect(log.columns()).toBeNull();
});
