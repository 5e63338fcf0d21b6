import { accessSync, constants, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import type { Persistence, ServiceName } from '../../reports/record/vocabulary.ts';
import { LabError } from '../console/errors.ts';

/** Services that run already, by name: a Redis URL, a Memcached `host:port`. */
export type ServiceAddresses = { readonly [Name in ServiceName]?: string | undefined };

/** Where a service of the lab's own lives: all it writes goes to `folder`, its socket is in there. */
interface Place {
  readonly folder: string;
  readonly socket: string;
  readonly persistence: Persistence;
}

/** What the lab must know of a service in order to run it. */
interface Program {
  readonly names: readonly string[];
  readonly install: string;
  /** The flag that names one which runs already. */
  readonly flag: string;
  /** Without any configuration file, on a Unix socket of mode 0700. */
  args(place: Place): string[];
  /** The question how many bytes its entries take, and where they are in the answer. */
  readonly memory: { readonly question: string; readonly answer: RegExp };
}

const MOST_MEMORY_MEGABYTES = 256;

/** A new service is an entry here and its name in the vocabulary. */
export const PROGRAMS: Readonly<Record<ServiceName, Program>> = {
  redis: {
    // Valkey is the same server under another name; newer distributions have only that.
    names: ['redis-server', 'valkey-server'],
    install:
      'sudo apt install redis-server (Debian, Ubuntu), sudo dnf install valkey (Fedora) or brew install redis (macOS)',
    flag: '--redis URL',
    args({ folder, socket, persistence }) {
      const options = {
        port: '0',
        unixsocket: socket,
        unixsocketperm: '700',
        dir: folder,
        save: '',
        appendonly: persistence === 'append-only file' ? 'yes' : 'no',
        // Redis's own default: written to the file before the answer, brought to the disk each second.
        // A killed process loses nothing, a machine without power up to a second.
        appendfsync: 'everysec',
        maxmemory: `${MOST_MEMORY_MEGABYTES}mb`,
        'maxmemory-policy': 'allkeys-lru',
        daemonize: 'no',
        loglevel: 'warning',
      };
      return Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    },
    // What it says of all its memory would be its connections', too.
    memory: {
      question: `EVAL "local all = 0 for _, key in ipairs(redis.call('KEYS', '*')) do all = all + redis.call('MEMORY', 'USAGE', key) end return all" 0\r\n`,
      answer: /^:(\d+)\r\n/,
    },
  },
  memcached: {
    names: ['memcached'],
    install:
      'sudo apt install memcached (Debian, Ubuntu), sudo dnf install memcached (Fedora) or brew install memcached (macOS)',
    flag: '--memcached HOST:PORT',
    // It refuses to run as root without being told so. It writes down nothing that it holds.
    args: ({ socket }) => [
      ...['-s', socket, '-a', '0700', '-m', `${MOST_MEMORY_MEGABYTES}`],
      ...(process.getuid?.() === 0 ? ['-u', userInfo().username] : []),
    ],
    memory: { question: 'stats\r\n', answer: /STAT bytes (\d+)\r\n/ },
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
    remedy: `Install it: ${install}, or name a running one with ${flag}.`,
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
