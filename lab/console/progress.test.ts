import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Output } from './output.ts';
import { createProgress } from './progress.ts';

const CURSOR_UP = '\u001b[1A';

/** A terminal of 80 columns, and all that was written to it. */
function terminal() {
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  let written = '';
  stderr.on('data', (chunk) => {
    written += chunk;
  });
  return { output: new Output({ stdout: new PassThrough(), stderr }), written: () => written };
}

beforeEach(() => {
  vi.stubEnv('CI', '');
  vi.stubEnv('TERM', 'xterm');
});
afterEach(() => vi.unstubAllEnvs());

test('on a terminal a step takes the place of the one before, and the end takes all away', () => {
  const { output, written } = terminal();
  const progress = createProgress(output, { quiet: false });
  progress.arm('hit-rate · 4 workers');
  progress.step('starting 4 workers');
  progress.step('waiting for them');
  const text = stripVTControlCharacters(written());
  expect(text.match(/hit-rate · 4 workers/g)).toHaveLength(1);
  expect(text).toMatch(/starting 4 workers\n[\s\S]*waiting for them\n/);
  const [, between] = written().split('starting 4 workers');
  expect(between!.split('waiting for them')[0]).toContain(CURSOR_UP);
  progress.done();
  expect(written().split('waiting for them')[1]).toContain(CURSOR_UP);
});

test.each([
  ['in CI', () => vi.stubEnv('CI', 'true'), false, 'hit-rate · 4 workers\n  starting\n'],
  [
    'on a dumb terminal',
    () => vi.stubEnv('TERM', 'dumb'),
    false,
    'hit-rate · 4 workers\n  starting\n',
  ],
  ['when it is to be quiet', () => {}, true, ''],
])('%s nothing is repainted', (_, given, quiet, said) => {
  given();
  const { output, written } = terminal();
  const progress = createProgress(output, { quiet });
  progress.arm('hit-rate · 4 workers');
  progress.step('starting');
  progress.done();
  expect(written()).toBe(said);
});
