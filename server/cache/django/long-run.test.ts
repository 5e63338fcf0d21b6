import { expect, it } from 'vitest';
import { readOptions, UsageError } from './long-run.ts';

it.each([
  ['--operations', '0'],
  ['--operations', 'many'],
  ['--seed', '1.5'],
])('the long comparison with Django refuses %s %s', (flag, value) => {
  expect(() => readOptions([flag, value])).toThrow(UsageError);
  expect(() => readOptions([flag, value])).toThrow(`${flag} must be a whole number from`);
});

it('refuses a flag that does not exist, and takes those that do', () => {
  expect(() => readOptions(['--operation', '7'])).toThrow(UsageError);
  expect(readOptions(['--operations', '7', '--seed', '0'])).toEqual({ operations: 7, seed: 0 });
});
