import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Fault, messageOf } from './errors.ts';
import { type FlagOf, text } from './flags.ts';

/** `--out`, as every command has it. */
export const outFlag = (about = 'where records and reports go') =>
  ['-o, --out <folder>', about, text, 'reports/out'] as const satisfies FlagOf<string>;

/**
 * Makes sure that reports can be written, before anything is started: makes the folder.
 *
 * @param name what the folder is called in what is said of it
 */
export function outFaults(folder: string, name = '--out'): Fault[] {
  try {
    const full = path.resolve(folder);
    makeFolder(full);
    accessSync(full, constants.W_OK | constants.X_OK);
    return [];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const inTheWay = code === 'EEXIST' || code === 'ENOTDIR';
    const why = inTheWay ? ': a file is in the way.' : `. ${messageOf(error)}`;
    return [
      {
        message: `${name} ${folder} cannot be written${why}`,
        remedy: 'Name a folder that you can write to.',
      },
    ];
  }
}

/** Makes sure that there is a folder to read; a misspelt one is not made. */
export function missingFaults(folder: string): Fault[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return [
    {
      message: `--out ${folder}: there is no such folder.`,
      remedy: 'Name one that holds runs; npm run lab -- --workers 4 makes the first one.',
    },
  ];
}

/** One level at a time: `recursive` never returns where a file system refuses, as /proc does. */
function makeFolder(full: string): void {
  if (statSync(full, { throwIfNoEntry: false })?.isDirectory()) return;
  makeFolder(path.dirname(full));
  mkdirSync(full);
}
