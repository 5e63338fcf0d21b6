import type { RunRecord } from '../../reports/record/schema.ts';

/** What `--json` prints: the figures a script wants, and where the rest is. */
export function summarize({
  record,
  recordFile,
  report,
}: {
  readonly record: RunRecord;
  readonly recordFile: string;
  readonly report: string;
}) {
  return {
    id: record.id,
    scenario: record.scenario.name,
    status: record.status,
    failure: record.failure,
    verdict: record.verdict,
    auditClean: record.arms.every((arm) => arm.phases.every((phase) => phase.audit.clean)),
    arms: record.arms.map(({ name, workers, launcher, backend, startMillis, phases }) => ({
      name,
      workers,
      launcher,
      backend,
      startMillis,
      phases: phases.map((phase) => ({
        name: phase.name,
        durationMillis: phase.durationMillis,
        ...phase.totals,
        expectedMisses: phase.expected?.misses ?? null,
      })),
    })),
    warnings: record.warnings,
    record: recordFile,
    report,
    command: record.command,
  };
}
