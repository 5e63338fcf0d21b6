import pc from 'picocolors';
import type { ClaimResult, ClaimVerdict } from '../../reports/course/course.ts';
import { inWords } from '../../reports/record/format.ts';
import type { RunRecord } from '../../reports/record/schema.ts';
import { tableOf } from '../../reports/record/table.ts';
import { claims } from '../../scenarios/curriculum/curriculum.ts';
import { claimVerdicts, failureLine } from '../course/claim-verdicts.ts';
import { terminalTable } from './table.ts';

/**
 * What a person reads after several scenarios: claim by claim what was found, and what failed.
 *
 * @param all whether these are all scenarios; else only the claims that they speak of are shown
 */
export function describeSeries(records: readonly RunRecord[], all: boolean): string {
  const failures = records.flatMap((record) => {
    const line = failureLine(record);
    return line === null ? [] : [`${pc.red('✘')} ${pc.bold(record.scenario.name)} ${line}`];
  });
  const seconds = records.reduce((sum, record) => sum + record.durationMillis, 0) / 1000;
  const end =
    failures.length === 0
      ? `${pc.green('✔')} ${records.length} scenarios ended, and none disagrees with theory`
      : `${failures.join('\n')}\n\n${failures.length} of ${records.length} scenarios failed or disagree`;
  return `${pc.bold('Claim by claim')}\n${claimTable(records, all)}\n\n${end} (${inWords(seconds, 'seconds')}).\n`;
}

function claimTable(records: readonly RunRecord[], all: boolean): string {
  const shown = claimVerdicts(claims, records).filter(({ shownBy }) => all || shownBy.length > 0);
  const table = tableOf(shown, [
    ['', ({ claim }) => claim.id],
    ['claim', ({ claim }) => claim.text],
    ['measured here', ({ verdict }) => `${SIGNS[verdict]} ${verdict}`],
    ['shown by', shownByLines],
  ]);
  return terminalTable(table, [3, 40, 14, 15]);
}

function shownByLines({ claim, shownBy }: ClaimResult): string | null {
  const runs = shownBy.map((run) => `${SIGNS[run.verdict]} ${run.scenario}`);
  if (claim.elsewhere) runs.push(`(${claim.elsewhere})`);
  return runs.join('\n') || null;
}

const SIGNS: Record<ClaimVerdict, string> = {
  confirmed: pc.green('✔'),
  contradicted: pc.red('✘'),
  illustrated: '·',
  failed: pc.red('✘'),
  'not measured': '·',
};
