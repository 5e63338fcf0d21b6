import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import type { ServiceName } from '../../reports/record/vocabulary.ts';
import { LabError } from '../console/errors.ts';

/** Services that run already, by name: a Redis URL, a Memcached `host:port`. */
export type ServiceAddresses = { readonly [Name in ServiceName]?: string | undefined };

interface Program {
  readonly names: readonly string[];
  readonly install: string;
  /** The flag that names one which runs already. */
  readonly flag: string;
}

const PROGRAMS: Readonly<Record<ServiceName, Program>> = {
  redis: {
    // Valkey is the same server under another name; newer distributions have only that.
    names: ['redis-server', 'valkey-server'],
    install:
      'sudo apt install redis-server (Debian, Ubuntu), sudo dnf install valkey (Fedora) or brew install redis (macOS)',
    flag: '--redis URL',
  },
  memcached: {
    names: ['memcached'],
    install:
      'sudo apt install memcached (Debian, Ubuntu), sudo dnf install memcached (Fedora) or brew install memcached (macOS)',
    flag: '--memcached HOST:PORT',
  },
};

/** The full path of the service's program. @throws LabError that says how to install it */
export function findProgram(kind: ServiceName, searchPath = process.env.PATH ?? ''): string {
  const { names, install, flag } = PROGRAMS[kind];
  for (const name of names) {
    for (const folder of searchPath.split(path.delimiter)) {
      const file = path.join(folder, name);
      if (folder !== '' && isProgram(file)) return file;
    }
  }
  throw new LabError(`The program ${names[0]} is not in the PATH.`, {
    remedy: `Install it: ${install}; or name one that runs by ${flag}.`,
  });
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
