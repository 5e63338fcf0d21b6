import path from 'node:path';
import { writeRecord } from '../../reports/record/file.ts';
import {
  type Exhibit,
  RECORD_SCHEMA,
  RECORD_VERSION,
  type RunRecord,
  type Verdict,
  type Warning,
} from '../../reports/record/schema.ts';
import { describeEnvironment } from './environment.ts';
import { publish } from './publish.ts';
import { timestamp } from './run.ts';

/** Something that was computed, not measured: a record without arms. */
export interface Computation {
  /** Names the folder and the report, e.g. `predict`. */
  readonly name: string;
  readonly question: string;
  readonly claims: readonly string[];
  readonly command: string;
  readonly seed: number;
  readonly options: RunRecord['options'];
  readonly startedAt: Date;
  readonly verdict: Verdict;
  readonly exhibits: Exhibit[];
  readonly warnings: Warning[];
}

/** Writes record and report into a folder of their own below `outFolder`; gives back the paths. */
export async function writeComputation(
  outFolder: string,
  computation: Computation,
): Promise<{ record: string; report: string }> {
  const record = recordOf(computation);
  const file = await writeRecord(path.join(outFolder, record.id), record);
  return { record: file, report: await publish(outFolder, record) };
}

function recordOf(computation: Computation): RunRecord {
  const { name, question, claims, startedAt, ...rest } = computation;
  return {
    schema: RECORD_SCHEMA,
    version: RECORD_VERSION,
    id: `${timestamp(startedAt)}-${name}`,
    status: 'complete',
    failure: null,
    scenario: { name, question, claims: [...claims], lesson: '' },
    startedAt: startedAt.toISOString(),
    durationMillis: Date.now() - startedAt.getTime(),
    environment: describeEnvironment(),
    arms: [],
    ...rest,
  };
}
