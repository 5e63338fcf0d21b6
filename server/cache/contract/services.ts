import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { vi } from 'vitest';
import type { ServiceName } from '../../../reports/record/vocabulary.ts';

/** A real service for the tests of one file, on a Unix socket in a folder of its own. */
interface Service {
  readonly folder: string;
  readonly shell: ChildProcess;
  readonly location: Promise<string>;
}

const START_LIMIT_MILLIS = 10_000;
/** Runs the service until the shell's input is closed: that is so, too, when the tests are killed. */
const GUARDED = '"$@" & read -r _; kill -9 $!';

const services = new Map<ServiceName, Service>();

/** The location of a Redis or Memcached that nobody else uses; it is started when it is first wanted. */
export function serviceLocation(kind: ServiceName): Promise<string> {
  const service = services.get(kind) ?? start(kind);
  services.set(kind, service);
  return service.location;
}

/** Ends what was started. */
export async function stopServices(): Promise<void> {
  for (const [kind, { folder, shell }] of services) {
    services.delete(kind);
    const gone = once(shell, 'exit');
    shell.stdin?.end();
    await gone;
    rmSync(folder, { recursive: true, force: true });
  }
}

function start(kind: ServiceName): Service {
  const folder = mkdtempSync(path.join(tmpdir(), 'cache-contract-'));
  const socket = path.join(folder, 's');
  const command =
    kind === 'redis'
      ? ['redis-server', '--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder]
      : ['memcached', '-s', socket, '-u', userInfo().username];
  const shell = spawn('sh', ['-c', GUARDED, 'sh', ...command], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  return { folder, shell, location: untilItListens(socket, command[0]!) };
}

async function untilItListens(socket: string, program: string): Promise<string> {
  const listens = async () => {
    const connection = connect(socket);
    await once(connection, 'connect').finally(() => connection.destroy());
  };
  await vi.waitFor(listens, { timeout: START_LIMIT_MILLIS, interval: 5 }).catch((cause) => {
    const hint = 'If it is missing: npm run test:setup';
    throw new Error(`${program} did not start. ${hint}`, { cause });
  });
  return `unix://${socket}`;
}
