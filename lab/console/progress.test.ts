import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ledgerOf } from '../evidence/fixtures/rows.ts';
import { collectedOutput } from '../fixtures/lab.ts';
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

const ANSWERED = ledgerOf(
  { slot: 12, outcome: 'cold' },
  { slot: 2, outcome: 'hit' },
  { slot: 2, outcome: 'hit' },
  { slot: 2, outcome: 'expired' },
  { slot: 2, outcome: 'error' },
  { slot: 3, outcome: 'none', operation: 'other' },
);
const bar = (full: number) => '█'.repeat(full) + '░'.repeat(24 - full);
const WORKERS = `traffic: 6 of 12 requests answered
  worker  2  ${bar(16)}  66.7 % hits of 4
  worker  3  ${bar(0)}   no lookups of 1
  worker 12  ${bar(0)}   0.0 % hits of 1
`;

test('a phase is told once it is over where nothing is repainted: how each worker did', () => {
  const { output, stderr } = collectedOutput();
  const progress = createProgress(output, { quiet: false });
  progress.follow({ name: 'traffic', ledger: ANSWERED, expected: 12 }).stop();
  expect(stderr()).toBe(`  ${WORKERS}`);
});

test('on a terminal a phase is followed until it is stopped, and no row is counted twice', () => {
  vi.useFakeTimers();
  const { output, written } = terminal();
  const seen = () => stripVTControlCharacters(written()).replaceAll('\u00a0', ' ');
  const progress = createProgress(output, { quiet: false });
  progress.arm('hit-rate · 4 workers');
  const ledger = ledgerOf({ slot: 2, outcome: 'cold' });
  const following = progress.follow({ name: 'traffic', ledger, expected: 2 });
  vi.advanceTimersByTime(150);
  expect(seen()).toContain(
    `hit-rate · 4 workers\n  ${bar(12)} traffic: 1 of 2 requests answered\n  worker  2  ${bar(0)}   0.0 % hits of 1\n`,
  );
  ledger.append(ledgerOf({ slot: 2, outcome: 'hit' }).row(0));
  following.stop();
  const text = seen();
  expect(text).toContain('traffic: 2 of 2 requests answered\n');
  expect(text).toMatch(/ 50\.0 % hits of 2\n[^w]*$/);
  ledger.append(ledger.row(0));
  vi.advanceTimersByTime(1_000);
  expect(seen()).toBe(text);
  vi.useRealTimers();
});
