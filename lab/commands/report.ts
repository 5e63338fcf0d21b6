import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { RECORD_FILE, readRecord, UnreadableRecordError } from '../../reports/record-file.ts';
import { usageError } from '../lab-error.ts';
import { writeReport } from '../publish.ts';

/** `report RECORD`: renders a saved run again, from its record alone. */
export function reportCommand(): Command {
  return new Command('report')
    .description('render the report of a saved run again')
    .argument('<record>', 'a record.json, or the folder of a run')
    .action(async (given: string) => {
      const file = recordFile(given);
      process.stdout.write(`${await writeReport(path.dirname(file), openRecord(file))}\n`);
    });
}

/** Reads the record, and says in a usage error what the file is when it is none. */
export function openRecord(file: string) {
  try {
    return readRecord(file);
  } catch (error) {
    if (!(error instanceof UnreadableRecordError)) throw error;
    throw usageError(error.message, 'Name the record.json of a run, e.g. one under reports/out.');
  }
}

/** The record in a folder, or the file itself. */
export function recordFile(given: string): string {
  const full = path.resolve(given);
  return existsSync(full) && statSync(full).isDirectory() ? path.join(full, RECORD_FILE) : full;
}
