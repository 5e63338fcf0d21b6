import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Fault } from './errors.ts';
import { type FlagOf, text } from './flags.ts';

/** `--out`, as every command has it. */
export const outFlag = (about = 'where records and reports go') =>
  ['-o, --out <folder>', about, text, 'reports/out'] as const satisfies FlagOf<string>;

/** Makes sure that reports can be written, before anything is started: makes the folder. */
export function outFaults(folder: string): Fault[] {
  try {
    const full = path.resolve(folder);
    makeFolder(full);
    accessSync(full, constants.W_OK);
    return [];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' || code === 'ENOTDIR' ? 'a file is in the way' : message;
    return [
      {
        message: `--out ${folder} cannot be written: ${why}.`,
        remedy: 'Name a folder that you may write to.',
      },
    ];
  }
}

/** One level at a time: `recursive` never returns where a file system refuses, as /proc does. */
function makeFolder(full: string): void {
  if (statSync(full, { throwIfNoEntry: false })?.isDirectory()) return;
  makeFolder(path.dirname(full));
  mkdirSync(full);
}
