import path from 'node:path';

/** A path as a person would type it: from here when it is below, else in full. */
export function shown(file: string): string {
  try {
    const relative = path.relative(process.cwd(), file);
    return relative.startsWith('..') ? file : relative;
  } catch {
    // The working folder was deleted.
    return file;
  }
}
