import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { controlSocketPath } from '../../server/protocol.ts';
import { isRunning } from '../../server/running.ts';
import { LabError, messageOf } from '../console/errors.ts';
import { serverFolder } from '../fleet/balanced.ts';

const PREFIX = 'cache-lab-';
/** The longest path of a Unix socket that macOS takes; Linux takes four more. */
const SOCKET_PATH_LIMIT = 103;
/** Of the sockets that are made in it, the longest name: with the highest slot and pid there can be. */
const LONGEST_NAME = controlSocketPath(serverFolder(path.sep, 64), 64, 4_194_304).length;

/** A private folder for what one run needs while it runs: sockets, logs, the database. */
export interface RunFolder {
  readonly path: string;
  remove(): void;
}

/**
 * Made with mode 0700 in the machine's temporary folder.
 *
 * @throws LabError when that cannot be, or would be too long a path for the sockets in it
 */
export function createRunFolder(parent: string = os.tmpdir()): RunFolder {
  sweep(parent);
  const folder = madeIn(parent);
  writeFileSync(path.join(folder, OWNER_FILE), OWNER);
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  if (folder.length + LONGEST_NAME > SOCKET_PATH_LIMIT) {
    remove();
    throw new LabError(`The temporary folder's path is too long for Unix sockets: ${parent}.`, {
      remedy: 'Set TMPDIR to a shorter path, e.g. TMPDIR=/tmp.',
    });
  }
  return { path: folder, remove };
}

/** Whose a folder is: the machine too, since containers share folders and count for themselves. */
const OWNER_FILE = 'owner';
const OWNER = `${os.hostname()} ${process.pid}`;

/** Removes what labs that were killed outright have left: nobody was there to do it. */
function sweep(parent: string): void {
  for (const name of namesIn(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = path.join(parent, name);
    try {
      const [host, pid] = readFileSync(path.join(folder, OWNER_FILE), 'utf8').split(' ');
      if (host === os.hostname() && !isRunning(Number(pid))) rmSync(folder, { recursive: true });
    } catch {
      // Somebody else's, or one that is being made.
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function madeIn(parent: string): string {
  try {
    return mkdtempSync(path.join(parent, PREFIX));
  } catch (cause) {
    throw new LabError(`There is no place for a run's temporary files. ${messageOf(cause)}`, {
      remedy: 'Set TMPDIR to a folder that you may write to, e.g. TMPDIR=/tmp.',
      cause,
    });
  }
}
