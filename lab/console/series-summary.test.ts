import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { sampleRecord } from '../../reports/fixtures/sample-record.ts';
import type { RunRecord } from '../../reports/record/schema.ts';
import { claims } from '../../scenarios/curriculum/curriculum.ts';
import { describeSeries } from './series-summary.ts';

/** A run of its own name that took a second and a half, of one claim. */
function run(name: string, changes: Partial<RunRecord> = {}): RunRecord {
  const record = sampleRecord({ durationMillis: 1_500, ...changes });
  const [phase] = record.arms[0]!.phases;
  const agrees = record.verdict?.agreement !== 'disagrees';
  const finding = { claim: 'C4', what: 'misses', unit: 'misses', measured: 38, agrees };
  const findings = [{ ...finding, expected: phase!.expected!.misses }];
  const verdict = record.verdict && { ...record.verdict, findings };
  return { ...record, verdict, scenario: { ...record.scenario, name, claims: ['C4'] } };
}
const told = (records: readonly RunRecord[], all: boolean) =>
  stripVTControlCharacters(describeSeries(records, all)).replaceAll('\u00a0', ' ');

test('claims that were spoken of stand with every run that did', () => {
  expect(told([run('hit-rate'), run('user-123', { verdict: null })], false)).toBe(`Claim by claim
       claim                                     measured here   shown by
  C4   It belongs to one process, and that       ✔ confirmed     ✔ hit-rate
       matters most: four workers are four                       · user-123
       caches.

✔ 2 scenarios ended, and none disagrees with theory (3.0 s).
`);
});

test('what failed or disagrees is told by its reason', () => {
  const disagrees = sampleRecord().verdict!;
  const records = [
    run('hit-rate', {
      verdict: { ...disagrees, agreement: 'disagrees', sentence: 'Not so.' },
    }),
    run('restart', { status: 'failed', failure: 'Worker 2 died.' }),
    run('user-123'),
  ];
  const text = told(records, false);
  expect(text).toContain('✘ contradicted  ✘ hit-rate\n');
  expect(text).toMatch(/ ✘ restart\n.* ✔ user-123\n/);
  expect(text).toMatch(
    /\n\n✘ hit-rate disagrees: misses: measured 38 misses, expected 40\.4 misses; 2\.4 apart; chance allows ± 8\.8\n✘ restart failed: Worker 2 died\.\n\n2 of 3 scenarios failed or disagree \(4\.5 s\)\.\n$/,
  );
  expect(told(records.slice(1, 2), false)).toContain('✘ failed        ✘ restart\n');
});

test('of all scenarios every claim is there, also one that is shown elsewhere or not at all', () => {
  const text = told([run('hit-rate')], true);
  for (const { id } of claims) expect(text).toMatch(new RegExp(`^ {2}${id} `, 'm'));
  expect(text.match(/· not measured/g)).toHaveLength(claims.length - 1);
  for (const { elsewhere } of claims) {
    if (elsewhere) expect(text).toContain(`(${elsewhere.split(/[ /-]/)[0]}`);
  }
});
