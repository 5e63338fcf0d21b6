import { expectedId, MEASURES } from '../../reports/record/measures.ts';
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
        ...Object.fromEntries(
          Object.values(MEASURES).flatMap(({ id, of, expected }) => [
            [id, of(phase)],
            ...(expected ? [[expectedId(id), expected(phase)]] : []),
          ]),
        ),
      })),
    })),
    warnings: record.warnings,
    record: recordFile,
    report,
    command: record.command,
  };
}
