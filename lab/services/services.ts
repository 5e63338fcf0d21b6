import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../console/errors.ts';
import { findProgram, type ServiceKind } from './programs.ts';
import type { GuardReport } from './service-guard.ts';

const GUARD = path.join(import.meta.dirname, 'service-guard.ts');
const START_LIMIT_MILLIS = 10_000;
const POLL_MILLIS = 5;
const MOST_MEMORY_MEGABYTES = 256;

/** Whether a service writes down what it holds. Memcached never does. */
export type Persistence = 'none' | 'append-only file';

/** A service that the lab started for itself, and what it can do to it. */
export interface PrivateService {
  readonly kind: ServiceKind;
  /** The program that runs, e.g. `redis-server`. */
  readonly program: string;
  /** As the backends want it: `unix:///…` or `127.0.0.1:port`. */
  readonly location: string;
  readonly pid: number;
  /** From the program's start until it answered. */
  readonly startMillis: number;
  /** SIGKILL; done when it is gone. */
  kill(): Promise<void>;
  /** Starts it again at the same address, after a kill; done when it answers. */
  restart(): Promise<void>;
  /** SIGSTOP: it keeps its connections and answers nobody. */
  suspend(): void;
  /** SIGCONT */
  resume(): void;
  /** What it says it uses for what it holds. */
  memoryBytes(): Promise<number>;
  /** Ends it for good. Never throws; may be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a private `redis-server` (on a Unix socket) or `memcached` (on a free port of 127.0.0.1),
 * with everything it writes in a folder of its own below `runFolder`. Reads no configuration file
 * and touches no service that runs already.
 */
export async function startService(
  kind: ServiceKind,
  options: { runFolder: string; persistence?: Persistence; signal?: AbortSignal },
): Promise<PrivateService> {
  const program = findProgram(kind);
  const folder = mkdtempSync(path.join(options.runFolder, 's-'));
  const address: Address =
    kind === 'redis' ? { path: path.join(folder, 's') } : { port: await freePort() };
  const args =
    kind === 'redis' ? redisArguments(folder, options.persistence) : memcachedArguments(address);
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  let running: Running;
  try {
    running = await run({ program, args, address, folder }, options.signal);
  } catch (error) {
    remove();
    throw error;
  }
  let stopped = false;
  return {
    kind,
    program: path.basename(program),
    location: 'path' in address ? `unix://${address.path}` : `127.0.0.1:${address.port}`,
    get pid() {
      return running.pid;
    },
    get startMillis() {
      return running.startMillis;
    },
    kill: () => end(running.guard),
    async restart() {
      if (!stopped) running = await run({ program, args, address, folder }, options.signal);
    },
    suspend: () => signalTo(running, 'SIGSTOP'),
    resume: () => signalTo(running, 'SIGCONT'),
    memoryBytes: () => memoryBytes(kind, address),
    async stop() {
      stopped = true;
      await end(running.guard);
      remove();
    },
  };
}

type Address = { readonly path: string } | { readonly port: number };

function redisArguments(folder: string, persistence: Persistence = 'none'): string[] {
  const options = {
    port: '0',
    unixsocket: path.join(folder, 's'),
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
}

function memcachedArguments(address: Address): string[] {
  const port = 'port' in address ? address.port : 0;
  const args = ['-l', '127.0.0.1', '-p', `${port}`, '-U', '0', '-m', `${MOST_MEMORY_MEGABYTES}`];
  // It refuses to run as root without being told so.
  return process.getuid?.() === 0 ? [...args, '-u', userInfo().username] : args;
}

/** A port that was free a moment ago; who takes it in between makes the start fail, by name. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** The service's process and its guard. */
interface Running {
  readonly guard: ChildProcess;
  readonly pid: number;
  readonly startMillis: number;
}

interface RunPlan {
  readonly program: string;
  readonly args: readonly string[];
  readonly address: Address;
  readonly folder: string;
}

async function run(plan: RunPlan, signal: AbortSignal | undefined): Promise<Running> {
  signal?.throwIfAborted();
  const { program, args, address, folder } = plan;
  const logFile = path.join(folder, 'log');
  const log = openSync(logFile, 'w');
  // In a group of its own: Ctrl-C reaches the lab alone, which then stops its services in order.
  const guard = spawn(process.execPath, [GUARD, program, ...args], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const died = new Promise<never>((_, reject) => {
    guard.once('exit', () => {
      const words = readFileSync(logFile, 'utf8').trim().split('\n').slice(-5).join('\n');
      reject(
        new LabError(`${path.basename(program)} ended at once. ${words}`, {
          remedy: 'Its own words tell why; or name a service that runs by --redis or --memcached.',
        }),
      );
    });
  });
  died.catch(() => {});
  try {
    const report = new Promise<GuardReport>((resolve) => guard.once('message', resolve as never));
    const { pid, startedAtMillis } = await Promise.race([report, died]);
    await Promise.race([untilItAnswers(program, address, signal), died]);
    return { guard, pid, startMillis: Date.now() - startedAtMillis };
  } catch (error) {
    await end(guard);
    throw error;
  }
}

async function untilItAnswers(
  program: string,
  address: Address,
  signal: AbortSignal | undefined,
): Promise<void> {
  const until = performance.now() + START_LIMIT_MILLIS;
  for (;;) {
    signal?.throwIfAborted();
    // Every service answers a line that it does not understand, with an error.
    const answer = await ask(address, 'PING\r\n').catch(() => '');
    // While Redis reads its file it answers, but that it is loading.
    if (answer !== '' && !answer.startsWith('-LOADING')) return;
    if (performance.now() > until) {
      throw new LabError(
        `${path.basename(program)} did not answer within ${START_LIMIT_MILLIS / 1_000} s.`,
        {
          remedy: 'Try again on a machine with less to do.',
        },
      );
    }
    await delay(POLL_MILLIS);
  }
}

/**
 * SIGKILL to the service, by its guard: a parent alone knows for sure whom a process number means.
 * Closing the channel makes the guard do that, and end.
 */
async function end(guard: ChildProcess): Promise<void> {
  if (hasEnded(guard)) return;
  const gone = new Promise((resolve) => guard.once('exit', resolve));
  if (guard.connected) guard.disconnect();
  await gone;
}

function signalTo({ guard, pid }: Running, signal: NodeJS.Signals): void {
  if (!hasEnded(guard)) process.kill(pid, signal);
}

function hasEnded(guard: ChildProcess): boolean {
  return guard.exitCode !== null || guard.signalCode !== null;
}

async function memoryBytes(kind: ServiceKind, address: Address): Promise<number> {
  const [question, answer] =
    kind === 'redis'
      ? ['INFO memory\r\n', /used_memory:(\d+)\r\n/]
      : ['stats\r\n', /STAT bytes (\d+)\r\n/];
  return Number(answer.exec(await ask(address, question, answer))?.[1]);
}

const ANSWER_LIMIT_MILLIS = 1_000;

/** Sends one line over a connection of its own and gives back what came until `enough` was in it. */
function ask(address: Address, line: string, enough = /\n/): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', ...address } as never);
    let text = '';
    const finish = (how: () => void) => {
      socket.destroy();
      how();
    };
    socket.setEncoding('utf8');
    socket.setTimeout(ANSWER_LIMIT_MILLIS, () => finish(() => reject(new Error('no answer'))));
    socket.once('error', (error) => finish(() => reject(error)));
    socket.once('close', () => reject(new Error('the connection was closed')));
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (enough.test(text)) finish(() => resolve(text));
    });
    socket.write(line);
  });
}
