import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { LabError } from '../console/errors.ts';

/** A service that the lab can start by itself. */
export type ServiceKind = 'redis' | 'memcached';

/** Services that run already, by kind: a Redis URL, a Memcached `host:port`. */
export type ServiceAddresses = { readonly [Kind in ServiceKind]?: string | undefined };

/** Which service a backend keeps its entries in; `null`: none, it is in the process. */
export function serviceOf(backend: string): ServiceKind | null {
  if (backend === 'redis' || backend === 'tiered') return 'redis';
  return backend === 'memcached' ? 'memcached' : null;
}

interface Program {
  readonly names: readonly string[];
  readonly install: string;
  /** The flag that names one which runs already. */
  readonly flag: string;
}

const PROGRAMS: Record<ServiceKind, Program> = {
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

/**
 * Makes sure that everything these backends need can be started, or runs already.
 *
 * @throws LabError that names the missing program and how to install it
 */
export function requirePrograms(backends: readonly string[], running: ServiceAddresses): void {
  for (const kind of new Set(backends.map(serviceOf))) {
    if (kind !== null && running[kind] === undefined) findProgram(kind);
  }
}

/** The full path of the service's program, or a LabError that says how to install it. */
export function findProgram(kind: ServiceKind, searchPath = process.env.PATH ?? ''): string {
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
