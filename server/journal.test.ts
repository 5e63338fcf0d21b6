import { expect, test } from 'vitest';
import { Journal } from './journal.ts';

/** A clock that goes on by a second at each reading. */
function ticking(): () => number {
  let seconds = 1_000;
  return () => ++seconds;
}

test('numbers what happens from 1, without gaps', () => {
  const journal = new Journal();
  const numbers = [1, 2, 3].map((n) => journal.note(() => n).sequence);
  expect(numbers).toEqual([1, 2, 3]);
});

test('inside an operation the clock stands still, at the time that is written down', () => {
  const journal = new Journal(ticking());
  const { result, atSeconds } = journal.note(() => [journal.clock(), journal.clock()]);
  expect(result).toEqual([atSeconds, atSeconds]);
  expect(journal.clock()).toBeGreaterThan(atSeconds);
});

test('an operation that fails has no number, and lets the clock go on', () => {
  const journal = new Journal(ticking());
  const fail = () => {
    throw new Error('the cache refused');
  };
  expect(() => journal.note(fail)).toThrow('the cache refused');
  expect(journal.clock()).not.toBe(journal.clock());
  expect(journal.note(() => 'stored').sequence).toBe(1);
});
