import path from 'node:path';
import pc from 'picocolors';
import { writeRecord } from '../../reports/record/file.ts';
import {
  type Exhibit,
  RECORD_SCHEMA,
  RECORD_VERSION,
  type RunRecord,
  type Verdict,
  type Warning,
} from '../../reports/record/schema.ts';
import type { Table } from '../../reports/record/table.ts';
import { describeEnvironment } from '../run/environment.ts';
import { publish } from '../run/publish.ts';
import { timestamp } from '../run/run.ts';
import type { Output } from './output.ts';
import { shown } from './shown-path.ts';
import { narrowTable } from './table.ts';

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

/** How a computation is told. */
interface Telling {
  readonly outFolder: string;
  readonly output: Output;
  /** Figures on standard output, words on standard error. */
  readonly json: boolean;
  /** The figures for the terminal. */
  readonly table: Table;
  /** The figures for a script. */
  readonly figures: object;
}

/** Writes record and report into a folder of their own below `outFolder`, and tells what came out. */
export async function publishComputation(
  computation: Computation,
  { outFolder, output, json, table, figures }: Telling,
): Promise<void> {
  const { verdict, warnings, command } = computation;
  const record = recordOf(computation);
  const recordFile = await writeRecord(path.join(outFolder, record.id), record);
  const report = await publish(outFolder, record);
  const parts = [
    narrowTable(table),
    ...warnings.map(({ message, remedy }) => `${pc.yellow('Warning')}: ${message} ${remedy}`),
    verdict.sentence,
    `Report   ${shown(report)}\nRecord   ${shown(recordFile)}\nRepeat   ${command}`,
  ];
  if (json) output.keepForScript();
  output.say(`${parts.join('\n\n')}\n`);
  if (!json) return;
  output.give(`${JSON.stringify({ verdict, ...figures, warnings, record: recordFile, report })}\n`);
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
