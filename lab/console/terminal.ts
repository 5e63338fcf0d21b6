import pc from 'picocolors';
import { isAdvice } from '../../reports/record/advice.ts';
import { AUTHORITY, agreementInWords, distance } from '../../reports/record/distance.ts';
import { count, counted, inWords, percent } from '../../reports/record/format.ts';
import { measureColumns } from '../../reports/record/measure-columns.ts';
import { type Part, SHOWN } from '../../reports/record/measures.ts';
import type { Arm, Phase, RunRecord } from '../../reports/record/schema.ts';
import { tableOf } from '../../reports/record/table.ts';
import { missesOf } from '../../reports/record/tally.ts';
import { terminalTable } from './table.ts';

/**
 * What a person reads when a run is over: a table per arm, the verdict, where things are.
 *
 * @param paths `null`: it could not be saved
 */
export function describeRun(
  record: RunRecord,
  paths: { readonly record: string | null; readonly report: string | null },
): string {
  const parts = record.arms.flatMap((arm) =>
    arm.phases.map(
      (phase) => `${armTitle(arm, phase)}\n${workerTable(phase)}\n${auditLine(phase)}`,
    ),
  );
  const advice = record.warnings.filter(isAdvice);
  for (const { message, remedy } of record.warnings.filter((one) => !isAdvice(one)))
    parts.push(`${pc.yellow('Warning')}: ${message} ${remedy}`);
  if (record.failure) parts.push(`${pc.red('Not complete')}: ${record.failure}`);
  if (record.verdict) {
    const { sentence, findings } = record.verdict;
    const theory = agreementInWords(findings);
    parts.push(`${verdictMark(record)} ${sentence}${theory && `\n  ${theory}`}`);
  }
  for (const { message, remedy } of advice) parts.push(`Advice: ${message} ${remedy}`);
  parts.push(
    [
      ...(paths.report === null ? [] : [`Report   ${paths.report}`]),
      ...(paths.record === null ? [] : [`Record   ${paths.record}`]),
      `Repeat   ${record.command}`,
    ].join('\n'),
  );
  return `${parts.join('\n\n')}\n`;
}

function armTitle(arm: Arm, phase: Phase): string {
  const name = arm.phases.length > 1 ? `${arm.name}, ${phase.name}` : arm.name;
  const rate = phase.totals.hitRate === null ? 'no lookups' : percent(phase.totals.hitRate);
  return `${pc.bold(name)}: hit rate ${rate}, ${counted(phase.totals.originQueries, 'origin query', 'origin queries')} in ${inWords(phase.durationMillis / 1_000, 'seconds')}`;
}

function workerTable(phase: Phase): string {
  const parts: Part[] = phase.workers.map((worker) => ({ phase, worker }));
  if (parts.length > 1) parts.push({ phase });
  return terminalTable(
    tableOf(parts, [
      ['worker', ({ worker }) => worker?.slot ?? 'all', 'count'],
      ...measureColumns(SHOWN.terminal),
    ]),
  );
}

function auditLine({ audit, expected, totals, replay }: Phase): string {
  const failed = audit.checks.filter((check) => !check.holds);
  const parts = [
    audit.clean
      ? `${pc.green('Audit clean')}: ${audit.checks.length} of ${audit.checks.length} comparisons of clients and workers agree.`
      : `${pc.red('Audit failed')}: ${failed
          .map(
            ({ name, slot, seen, counted }) =>
              `${name}${slot === null ? '' : ` of worker ${slot}`}: clients ${seen}, workers ${counted}`,
          )
          .join('; ')}.`,
  ];
  if (expected) {
    const { misses } = expected;
    const measured = missesOf(totals);
    parts.push(
      `Measured ${count(measured)} misses where ${AUTHORITY[misses.by]} expects ${count(misses.value)}: ${distance({ expected: misses, measured, unit: 'misses' })}.`,
    );
  }
  if (replay) {
    parts.push(
      replay.identical === replay.responses
        ? `Replayed: ${count(replay.identical)} of ${count(replay.responses)} identical.`
        : `${pc.red('Replay differs')}: ${replay.firstDifference}`,
    );
  }
  return parts.join(' ');
}

function verdictMark({ verdict }: RunRecord): string {
  if (verdict?.agreement === 'agrees') return pc.bold(pc.green('✔'));
  if (verdict?.agreement === 'disagrees') return pc.bold(pc.red('✘'));
  return pc.bold('·');
}
