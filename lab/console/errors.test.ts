import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { describeError, LabError, UsageError, usageError } from './errors.ts';

const told = (error: unknown) => stripVTControlCharacters(describeError(error));

test('an error for a person is what happened and what to do, and no stack', () => {
  const cause = new Error('EADDRINUSE');
  const error = new LabError('Port 8000 is taken.', { remedy: 'Choose another --port.', cause });
  expect(told(error)).toBe('error: Port 8000 is taken.\nChoose another --port.\n');
  expect(error).toMatchObject({ name: 'LabError', exitCode: 1, cause });
  expect('cause' in new LabError('No.', { remedy: 'Yes.' })).toBe(false);
});

test('every fault of what was given is told with its own remedy', () => {
  const error = new UsageError([
    { message: '--keys 0: it needs more.', remedy: 'See --help.' },
    { message: '--out / cannot be written.', remedy: 'Name another.' },
  ]);
  expect(told(error)).toBe(
    'error: --keys 0: it needs more.\nSee --help.\nerror: --out / cannot be written.\nName another.\n',
  );
  expect(error).toMatchObject({
    ...{ name: 'UsageError', exitCode: 2, remedy: 'See --help.' },
    message: '--keys 0: it needs more.\n--out / cannot be written.',
  });
  expect(told(usageError('It is empty.', 'Fill it.'))).toBe('error: It is empty.\nFill it.\n');
});

test('a defect of the lab asks to be reported, with its stack where it has one', () => {
  expect(told(new TypeError('no fleet'))).toMatch(
    /^error: TypeError: no fleet\nThe lab itself failed; please report this:\nTypeError: no fleet\n {4}at /,
  );
  expect(told('a text')).toBe('error: a text\nThe lab itself failed; please report this:\n');
});
