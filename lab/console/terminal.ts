import pc from 'picocolors';
import type { Arm, Phase, RunRecord } from '../../reports/record/schema.ts';
import { terminalTable } from './table.ts';

/** What a person reads when a run is over: a table per arm, the verdict, where things are. */
export function describeRun(record: RunRecord, paths: { record: string; report: string }): string {
  const parts = record.arms.flatMap((arm) =>
    arm.phases.map(
      (phase) => `${armTitle(arm, phase)}\n${workerTable(phase)}\n${auditLine(phase)}`,
    ),
  );
  for (const warning of record.warnings) {
    parts.push(`${pc.yellow('Warning')}: ${warning.message} ${warning.remedy}`);
  }
  if (record.failure) parts.push(`${pc.red('Not complete')}: ${record.failure}`);
  if (record.verdict) parts.push(`${verdictMark(record)} ${record.verdict.sentence}`);
  parts.push(
    [`Report   ${paths.report}`, `Record   ${paths.record}`, `Repeat   ${record.command}`].join(
      '\n',
    ),
  );
  return `${parts.join('\n\n')}\n`;
}

function armTitle(arm: Arm, phase: Phase): string {
  const name = arm.phases.length > 1 ? `${arm.name}, ${phase.name}` : arm.name;
  const rate = phase.totals.hitRate === null ? 'no lookups' : percent(phase.totals.hitRate);
  return `${pc.bold(name)}: hit rate ${rate}, ${count(phase.totals.originQueries)} origin queries in ${(phase.durationMillis / 1000).toFixed(1)} s`;
}

function workerTable(phase: Phase): string {
  const rows: (string | number)[][] = phase.workers.map((worker) => [
    worker.slot,
    count(worker.connections),
    count(worker.requests),
    count(worker.hits),
    count(sum(worker.misses)),
    worker.hitRate === null ? '–' : percent(worker.hitRate),
    worker.entries === null ? '–' : count(worker.entries),
    `${(worker.rssBytes / 2 ** 20).toFixed(0)} MiB`,
  ]);
  if (phase.workers.length > 1) rows.push(totalRow(phase));
  return terminalTable(
    COLUMNS,
    COLUMNS.map(() => 'right'),
    rows,
  );
}

const COLUMNS = [
  ...['worker', 'connections', 'requests', 'hits', 'misses', 'hit rate', 'entries', 'memory'],
];

function totalRow({ workers, totals }: Phase): (string | number)[] {
  const memory = workers.reduce((bytes, worker) => bytes + worker.rssBytes, 0);
  const connections = workers.reduce((all, worker) => all + worker.connections, 0);
  return [
    'all',
    count(connections),
    count(totals.requests),
    count(totals.hits),
    count(sum(totals.misses)),
    totals.hitRate === null ? '–' : percent(totals.hitRate),
    totals.entries === null ? '–' : count(totals.entries),
    `${(memory / 2 ** 20).toFixed(0)} MiB`,
  ];
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
    const { value, low, high } = expected.misses;
    const interval =
      low === null || high === null
        ? ''
        : ` (${count(Math.round(low))} to ${count(Math.round(high))})`;
    parts.push(
      `Theory expects ${count(Math.round(value))}${interval} misses; measured ${count(sum(totals.misses))}.`,
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

const sum = ({ cold, expired, evicted }: { cold: number; expired: number; evicted: number }) =>
  cold + expired + evicted;
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const count = (value: number) => value.toLocaleString('en-US');
