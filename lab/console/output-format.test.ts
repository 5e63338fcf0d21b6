import { Command } from 'commander';
import { expect, test } from 'vitest';
import { collectedOutput } from '../fixtures/lab.ts';
import { addFormats, formatFaults, useFormat } from './output-format.ts';

test('each format is a flag that says what it gives, and where words then go', () => {
  const { options } = addFormats(new Command(), 'the summary');
  expect(options.map(({ flags, description }) => `${flags}: ${description}`)).toEqual([
    '--json: the summary as JSON on standard output, text on standard error',
    '--csv: likewise, the figures as CSV',
    '--markdown: likewise, a table to paste into an issue',
  ]);
});

test('standard output carries one format, or none', () => {
  expect(formatFaults({})).toEqual([]);
  expect(formatFaults({ csv: true })).toEqual([]);
  const remedy = 'Choose one; "report" and "compare" give the others for a saved run.';
  const rest = 'exclude each other: standard output can carry only one.';
  expect(formatFaults({ json: true, markdown: true })).toEqual([
    { message: `--json and --markdown ${rest}`, remedy },
  ]);
  expect(formatFaults({ json: true, csv: true, markdown: true })).toMatchObject([
    { message: `--json and --csv and --markdown ${rest}` },
  ]);
});

test.each([
  [{}, undefined, ['words', '']],
  [{ markdown: true }, 'markdown', ['', 'words']],
])('with %j words leave standard output to it', (flags, format, [stdout, stderr]) => {
  const collected = collectedOutput();
  expect(useFormat(flags, collected.output)).toBe(format);
  collected.output.say('words');
  expect([collected.stdout(), collected.stderr()]).toEqual([stdout, stderr]);
});
