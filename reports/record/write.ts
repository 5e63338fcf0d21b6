import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunRecord } from './schema.ts';

/** Its name in the folder of its run. */
export const RECORD_FILE = 'record.json';
/** The page made of it, beside it. */
export const REPORT_FILE = 'report.html';

/**
 * Writes `record.json` into `folder` and gives back its path. Written under a temporary name and
 * renamed, so that a reader never sees half a record.
 */
export function writeRecord(folder: string, record: RunRecord): Promise<string> {
  return writeWhole(path.join(folder, RECORD_FILE), `${JSON.stringify(record)}\n`);
}

/** Writes a text file so that it is either there whole or not at all; gives back its path. */
export async function writeWhole(file: string, content: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(draft, content);
    await rename(draft, file);
  } catch (error) {
    // A full disk is told without the file that it was full for.
    throw Object.assign(error as NodeJS.ErrnoException, { path: file });
  } finally {
    await rm(draft, { force: true });
  }
  return file;
}
