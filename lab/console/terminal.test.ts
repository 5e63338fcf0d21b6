import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { sampleRecord, troubledRecord } from '../../reports/fixtures/sample-record.ts';
import type { Phase, RunRecord } from '../../reports/record/schema.ts';
import { describeRun } from './terminal.ts';

const PATHS = { record: 'out/record.json', report: 'out/report.html' };
const JUDGED = { sentence: 'So it is.', agreement: 'agrees' as const, findings: [] };

const plain = (text: string) => stripVTControlCharacters(text).replaceAll('\u00a0', ' ');
const told = (record: RunRecord) => plain(describeRun(record, PATHS));

/** What is told of a phase that is otherwise; of one arm with one phase. */
function toldOf(changes: Partial<Phase>): string {
  const record = sampleRecord({ workers: [4], warnings: [], verdict: null });
  const [arm] = record.arms;
  return told({ ...record, arms: [{ ...arm!, phases: [{ ...arm!.phases[0]!, ...changes }] }] });
}

test('a run is a table for each arm, what to beware of, the verdict, and where things are', () => {
  const warning = { kind: 'other' as const, arm: null, message: 'It idles.', remedy: 'Wake it.' };
  const record = sampleRecord({ warnings: [warning], verdict: JUDGED });
  expect(told(record)).toBe(`1 worker: hit rate 84.2 %, 38 origin queries in 1.0 s
  worker  connections  requests  hits  misses  hit rate  entries    memory
       1            1       240   202      38    84.2 %       37  58.2 MiB
Audit clean: 7 of 7 comparisons of clients and workers agree. Measured 38 misses where the model expects 40: 2.4 apart; chance allows ± 8.8. Replayed: 240 of 240 identical.

4 workers: hit rate 60.4 %, 95 origin queries in 1.0 s
  worker  connections  requests  hits  misses  hit rate  entries     memory
       1            1        64    40      24    62.5 %       24   58.2 MiB
       2            2        53    32      21    60.4 %       21   59.1 MiB
       3            3        46    23      23    50.0 %       23   60.1 MiB
       4            4        77    50      27    64.9 %       26   61.0 MiB
     all           10       240   145      95    60.4 %       94  238.4 MiB
Audit clean: 25 of 25 comparisons of clients and workers agree. Measured 95 misses where the model expects 98: 2.9 apart; chance allows ± 19.7. Replayed: 240 of 240 identical.

Warning: It idles. Wake it.

✔ So it is.

Report   out/report.html
Record   out/record.json
Repeat   npm run lab -- --workers 1,2,4,8,64 --seed 7
`);
});

test('advice comes after the verdict, and is no warning', () => {
  const warning = { kind: 'other' as const, arm: null, message: 'It idles.', remedy: 'Wake it.' };
  const advice = {
    kind: 'local-cache-with-several-workers' as const,
    arm: null,
    message: 'Four caches.',
    remedy: 'Share one.',
  };
  const text = told(sampleRecord({ warnings: [advice, warning], verdict: JUDGED }));
  expect(text).toContain(
    '\n\nWarning: It idles. Wake it.\n\n✔ So it is.\n\nAdvice: Four caches. Share one.\n\nReport',
  );
  expect(text).not.toContain('Warning: Four');
});

test('phases of one arm are told apart', () => {
  const heads = told(troubledRecord()).match(/^.*: hit rate .*$/gm);
  expect(heads).toEqual([
    '1 worker, cold start: hit rate 61.8 %, 191 origin queries in 2.0 s',
    '1 worker, restart: hit rate 54.0 %, 138 origin queries in 1.2 s',
    '4 workers, cold start: hit rate 57.0 %, 215 origin queries in 2.0 s',
    '4 workers, restart: hit rate 53.0 %, 141 origin queries in 1.2 s',
  ]);
});

test('an arm that was asked nothing has no hit rate', () => {
  const { totals } = sampleRecord().arms[0]!.phases[0]!;
  expect(toldOf({ totals: { ...totals, hitRate: null, originQueries: 1 } })).toMatch(
    /^4 workers: hit rate no lookups, 1 origin query in 1\.0 s\n/,
  );
});

test('without a theory, a replay or a verdict nothing is said of them', () => {
  expect(toldOf({ expected: null, replay: null })).toMatch(
    /238\.4 MiB\nAudit clean: 25 of 25 comparisons of clients and workers agree\.\n\nReport {3}out/,
  );
});

test('an audit that failed names each comparison, and a replay what differs first', () => {
  const check = { slot: 2, seen: 5, counted: 6, holds: false };
  const checks = [
    { ...check, name: 'hits' },
    { ...check, name: 'misses', holds: true },
    { ...check, name: 'responses to what was sent', slot: null, counted: 7 },
  ];
  const { replay } = sampleRecord().arms[0]!.phases[0]!;
  const text = toldOf({
    ...{ expected: null, audit: { clean: false, checks } },
    replay: { ...replay!, identical: 239, firstDifference: 'request 7 was a miss' },
  });
  expect(text).toContain(
    '\nAudit failed: hits of worker 2: clients 5, workers 6; responses to what was sent: clients 5, workers 7. Replay differs: request 7 was a miss\n\n',
  );
});

test.each([
  ['agrees', '✔ So it is.'],
  ['disagrees', '✘ So it is.'],
  ['not judged', '· So it is.'],
] as const)('a verdict that %s has its sign', (agreement, said) => {
  const text = told(sampleRecord({ warnings: [], verdict: { ...JUDGED, agreement } }));
  expect(text).toContain(`\n\n${said}\n\nReport   `);
});

test('a verdict that was held against something says how far off it was', () => {
  const expected = sampleRecord().arms[0]!.phases[0]!.expected!.misses;
  const finding = { claim: 'C4', what: 'misses of 1 worker', unit: 'misses', expected };
  const findings = [{ ...finding, measured: expected.value, agrees: true }];
  expect(told(sampleRecord({ warnings: [], verdict: { ...JUDGED, findings } }))).toContain(
    '\n\n✔ So it is.\n  Furthest from the model: misses of 1 worker, 0 apart; chance allows ± ',
  );
});

test('a run that did not come to its end says why', () => {
  const failed = sampleRecord({ warnings: [], status: 'failed', failure: 'Worker 2 died.' });
  expect(told({ ...failed, verdict: null })).toContain(
    '\n\nNot complete: Worker 2 died.\n\nReport   ',
  );
});
