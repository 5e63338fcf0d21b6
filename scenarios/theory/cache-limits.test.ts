import { expect, test } from 'vitest';
import { departedRemembered } from './cache-limits.ts';

test('a cache remembers as many departed entries as it may hold, within bounds', () => {
  const remembered = [0, 10_000, 10_001, 1_000_000, 1_000_001].map((maxEntries) =>
    departedRemembered({ maxEntries }),
  );
  expect(remembered).toEqual([10_000, 10_000, 10_001, 1_000_000, 1_000_000]);
});
