/** What an error of Node tells of the call that the operating system refused. */
interface Refused extends NodeJS.ErrnoException {
  /** SQLite's own number of what went wrong. */
  readonly errcode?: number;
}

/** By the system's name of the refusal: why, and what to do. What is not here is not the system's. */
const REASONS: Readonly<Record<string, readonly [why: string, remedy: string]>> = {
  EACCES: ['permission is denied', 'Change its permissions, or name another place.'],
  EPERM: ['it is not permitted', 'Change its permissions, or name another place.'],
  ENOENT: ['there is no such file or folder', 'Check the path, or make the folder.'],
  ENOTDIR: ['part of the path is a file, not a folder', 'Name another place.'],
  EISDIR: ['it is a folder, not a file', 'Name a file.'],
  EEXIST: ['something with that name exists', 'Move it away, or name another place.'],
  ENOTEMPTY: ['the folder is not empty', 'Empty it, or name another one.'],
  EROFS: ['the file system is read-only', 'Name another place.'],
  ENOSPC: ['the disk is full', 'Make room, or name a place on another disk.'],
  EDQUOT: ['the quota of the disk is used up', 'Make room, or name a place on another disk.'],
  EFBIG: ['the file would be too large', 'Raise the limit (ulimit -f).'],
  EIO: ['the disk failed', 'Check the disk, or name a place on another one.'],
  ENAMETOOLONG: ['the path is too long', 'Name a shorter one.'],
  ELOOP: ['its links form a loop', 'Name another place.'],
  EMFILE: ['too many files are open', 'Raise the limit (ulimit -n), or use fewer --connections.'],
  ENFILE: ['the machine has too many files open', 'Close what you do not need.'],
  EAGAIN: ['there are too many processes', 'Raise the limit (ulimit -u), or use fewer --workers.'],
  ENOMEM: ['there is not enough memory', 'Use fewer --workers, or close what you do not need.'],
};

/** SQLite keeps the system's refusal to itself. */
const OF_SQLITE: Readonly<Record<number, string>> = {
  3: 'EACCES',
  8: 'EROFS',
  10: 'EIO',
  13: 'ENOSPC',
  14: 'EACCES',
};

/**
 * What the operating system refused, in words for a person, and what to do; `null`: the error is
 * something else. The one place that words it, whoever asked for what.
 */
export function refusalOf(error: unknown): { message: string; remedy: string } | null {
  if (!(error instanceof Error)) return null;
  const { code = '', errcode = 0, syscall, path, message } = error as Refused;
  if (syscall === 'uv_cwd') {
    return {
      message: 'The folder this was started in is gone.',
      remedy: 'Change to another folder and start again.',
    };
  }
  const isSqlite = code === 'ERR_SQLITE_ERROR';
  const name = isSqlite ? OF_SQLITE[errcode & 0xff] : syscall && code;
  const reason = name !== undefined && Object.hasOwn(REASONS, name) ? REASONS[name] : undefined;
  if (!reason) return null;
  const [why, remedy] = reason;
  const what = isSqlite ? 'the database in the temporary folder' : (path ?? syscall);
  const detail = isSqlite ? message : `${name}, ${syscall}`;
  return { message: `The system refused ${what}: ${why} (${detail}).`, remedy };
}
