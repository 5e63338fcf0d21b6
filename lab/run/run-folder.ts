import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LabError } from '../console/errors.ts';

/** The longest path of a Unix socket that macOS takes; Linux takes four more. */
const SOCKET_PATH_LIMIT = 103;
/** `/control-64-4194304.sock`, the longest name that is made in the folder. */
const LONGEST_NAME = 40;

/** A private folder for what one run needs while it runs: sockets, logs, the database. */
export interface RunFolder {
  readonly path: string;
  remove(): void;
}

/** Made with mode 0700 in the machine's temporary folder. */
export function createRunFolder(parent: string = tmpdir()): RunFolder {
  const folder = mkdtempSync(path.join(parent, 'cache-lab-'));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  if (folder.length + LONGEST_NAME > SOCKET_PATH_LIMIT) {
    remove();
    throw new LabError(`The temporary folder's path is too long for Unix sockets: ${parent}.`, {
      remedy: 'Set TMPDIR to a shorter path, e.g. TMPDIR=/tmp.',
    });
  }
  return { path: folder, remove };
}
