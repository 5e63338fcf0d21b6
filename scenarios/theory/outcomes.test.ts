import { expect, test } from 'vitest';
import { OUTCOMES } from '../../reports/record/vocabulary.ts';
import { isMiss } from './outcomes.ts';

test('what is neither a hit nor an error is a miss', () => {
  const misses = OUTCOMES.filter((_, outcome) => isMiss(outcome));
  expect(misses.toSorted()).toEqual(['cold', 'evicted', 'expired']);
});
