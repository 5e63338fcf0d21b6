import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { readRunHead, UnreadableRecordError } from '../record/file.ts';
import type { RunHead } from '../record/schema.ts';
import { RECORD_FILE, REPORT_FILE } from '../record/write.ts';

/** What else the lab keeps beside the folders of runs. */
export const COMPARISONS = 'comparisons';
export const COURSE = 'course';

/** A folder of runs, looked through. */
export interface RunList {
  /** Newest first. */
  readonly runs: readonly ListedRun[];
  /** Folders that hold no run that can be read, each with the reason. */
  readonly strangers: readonly { readonly folder: string; readonly problem: string }[];
  /** Names of the comparisons' pages, newest first. */
  readonly comparisons: readonly string[];
  readonly hasCourse: boolean;
}

/** A folder that holds a run. */
export interface ListedRun {
  /** Its name below the folder of runs. */
  readonly folder: string;
  readonly head: RunHead;
  readonly hasReport: boolean;
}

/** Every folder directly below `outFolder`. One that cannot be read is listed, never fatal. */
export function listRuns(outFolder: string): RunList {
  const runs: ListedRun[] = [];
  const strangers: RunList['strangers'][number][] = [];
  for (const folder of foldersIn(outFolder)) {
    if (folder === COMPARISONS || folder === COURSE) continue;
    const place = path.join(outFolder, folder);
    try {
      const head = readRunHead(path.join(place, RECORD_FILE));
      runs.push({ folder, head, hasReport: isFile(path.join(place, REPORT_FILE)) });
    } catch (error) {
      if (!(error instanceof UnreadableRecordError)) throw error;
      strangers.push({ folder, problem: error.message.replace(`${place}${path.sep}`, '') });
    }
  }
  runs.sort((a, b) => newestFirst(a.head.startedAt, b.head.startedAt));
  return {
    runs,
    strangers,
    comparisons: comparisonsIn(path.join(outFolder, COMPARISONS)),
    hasCourse: isFile(path.join(outFolder, COURSE, 'index.html')),
  };
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
}

/** Their names begin with the time. */
function comparisonsIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.html'))
      .sort(newestFirst);
  } catch {
    return [];
  }
}

/** No: also where nobody may look. */
function isFile(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** ISO times sort as text. */
function newestFirst(a: string, b: string): number {
  return a < b ? 1 : a > b ? -1 : 0;
}
