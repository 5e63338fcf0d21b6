import { expect, it } from 'vitest';
import { command } from './long-run.ts';

const told: string[] = [];
const parse = (...args: string[]) =>
  command()
    .configureOutput({ writeErr: (text) => told.push(text) })
    .action(() => {})
    .parse(args, { from: 'user' });

it.each([
  ['--operations', '0'],
  ['--operations', 'many'],
  ['--seed', '1.5'],
])('the long comparison with Django refuses %s %s', (flag, value) => {
  expect(() => parse(flag, value)).toThrow(/must be a whole number from/);
  expect(told.at(-1)).toContain(flag);
});

it('refuses a flag that does not exist, and takes those that do', () => {
  expect(() => parse('--operation', '7')).toThrow(/unknown option/);
  expect(parse('--operations', '7', '--seed', '0').opts()).toEqual({ operations: 7, seed: 0 });
});
