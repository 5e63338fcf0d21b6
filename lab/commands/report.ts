import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { readRecord, UnreadableRecordError } from '../../reports/record/file.ts';
import type { RunRecord } from '../../reports/record/schema.ts';
import { RECORD_FILE } from '../../reports/record/write.ts';
import { runMarkdown, runsCsv } from '../../reports/text/run-text.ts';
import { usageError } from '../console/errors.ts';
import { LabCommand } from '../console/flags.ts';
import { outFaults } from '../console/out-folder.ts';
import { addFormats, type FormatFlags, formatFaults, useFormat } from '../console/output-format.ts';
import { summarize } from '../console/summary-json.ts';
import { writeReport } from '../run/publish.ts';
import type { CommandContext } from './context.ts';

/** `report RECORD`: renders a saved run again, from its record alone. */
export function defineCommand({ output }: CommandContext): Command {
  const command = new LabCommand('report').argument(
    '<record>',
    'a record.json, or the folder of a run',
  );
  return addFormats(command, 'a summary').action(async (given: string, flags: FormatFlags) => {
    command.refuse(formatFaults(flags));
    const format = useFormat(flags, output);
    const recordFile = resolveRecordFile(given);
    const record = openRecord(recordFile);
    command.refuse(outFaults(path.dirname(recordFile), 'The folder'));
    const report = await writeReport(path.dirname(recordFile), record);
    output.say(`${report}\n`);
    const said = {
      json: () => `${JSON.stringify(summarize({ record, recordFile, report }))}\n`,
      csv: () => runsCsv([record]),
      markdown: () => runMarkdown(record),
    };
    if (format) output.give(said[format]());
  });
}

/** Reads the record, and says in a usage error what the file is when it is none. */
export function openRecord(file: string): RunRecord {
  try {
    return readRecord(file);
  } catch (error) {
    if (!(error instanceof UnreadableRecordError)) throw error;
    throw usageError(error.message, 'Name the record.json of a run, e.g. one under reports/out.');
  }
}

/** The record in a folder, or the file itself. */
export function resolveRecordFile(given: string): string {
  const full = path.resolve(given);
  return existsSync(full) && statSync(full).isDirectory() ? path.join(full, RECORD_FILE) : full;
}
