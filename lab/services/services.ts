import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceName } from '../../reports/record/vocabulary.ts';
import { isRunning, signalTo } from '../../server/running.ts';
import { LabError } from '../console/errors.ts';
import { Child } from '../fleet/child.ts';
import { findProgram } from './programs.ts';
import type { GuardReport } from './service-guard.ts';

const GUARD = path.join(import.meta.dirname, 'service-guard.ts');
const START_LIMIT_MILLIS = 10_000;
const ANSWER_LIMIT_MILLIS = 1_000;
const POLL_MILLIS = 5;
const MOST_MEMORY_MEGABYTES = 256;

/** Whether a service writes down what it holds. Memcached never does. */
export type Persistence = 'none' | 'append-only file';

/** A service that the lab started for itself, and what it can do to it. */
export interface PrivateService {
  readonly kind: ServiceName;
  /** The program that runs, e.g. `redis-server`. */
  readonly program: string;
  /** As the backends want it: `unix:///…`. */
  readonly location: string;
  readonly pid: number;
  /** From the program's start until it answered. */
  readonly startMillis: number;
  /** Aborted, with a LabError that holds its last words, when it ends and nobody asked for that. */
  readonly failure: AbortSignal;
  /** SIGKILL; done when it is gone. */
  kill(): Promise<void>;
  /** Starts it again at the same address, after a kill; done when it answers. */
  restart(): Promise<void>;
  /** SIGSTOP: it keeps its connections and answers nobody. */
  suspend(): void;
  /** Ends what `suspend` began. */
  resume(): void;
  /** What it says it uses for what it holds. */
  memoryBytes(): Promise<number>;
  /** Ends it for good. Never throws; may be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a private `redis-server` or `memcached` on a Unix socket of mode 0700, with everything it
 * writes in a folder of its own below `runFolder`. Reads no configuration file and touches no
 * service that runs already.
 *
 * @throws LabError when the program is not there, ends at once or does not answer; what `signal` is
 * aborted by
 */
export async function startService(
  kind: ServiceName,
  options: { runFolder: string; persistence?: Persistence; signal?: AbortSignal },
): Promise<PrivateService> {
  const program = findProgram(kind);
  const folder = mkdtempSync(path.join(options.runFolder, 's-'));
  const socket = path.join(folder, 's');
  const args =
    kind === 'redis'
      ? redisArguments(folder, socket, options.persistence)
      : memcachedArguments(socket);
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  const failure = new AbortController();
  let wanted = true;
  const start = async () => {
    wanted = true;
    const started = await run({ program, args, folder, socket }, options.signal);
    started.guard.ended.catch((error) => {
      if (wanted) failure.abort(error);
    });
    return started;
  };
  const end = async () => {
    wanted = false;
    await endOf(running);
  };
  let running: Running;
  try {
    running = await start();
  } catch (error) {
    remove();
    throw error;
  }
  let stopped = false;
  return {
    kind,
    program: path.basename(program),
    location: `unix://${socket}`,
    get pid() {
      return running.pid;
    },
    get startMillis() {
      return running.startMillis;
    },
    failure: failure.signal,
    kill: end,
    async restart() {
      if (!stopped) running = await start();
    },
    suspend: () => signalService(running, 'SIGSTOP'),
    resume: () => signalService(running, 'SIGCONT'),
    memoryBytes: () => memoryBytes(kind, socket),
    async stop() {
      stopped = true;
      await end();
      remove();
    },
  };
}

function redisArguments(
  folder: string,
  socket: string,
  persistence: Persistence = 'none',
): string[] {
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
}

function memcachedArguments(socket: string): string[] {
  const args = ['-s', socket, '-a', '0700', '-m', `${MOST_MEMORY_MEGABYTES}`];
  // It refuses to run as root without being told so.
  return process.getuid?.() === 0 ? [...args, '-u', userInfo().username] : args;
}

/** The service's process and its guard. */
interface Running {
  readonly guard: Child;
  readonly pid: number;
  readonly startMillis: number;
}

interface RunPlan {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly socket: string;
}

async function run(plan: RunPlan, signal: AbortSignal | undefined): Promise<Running> {
  signal?.throwIfAborted();
  const { program, args, folder, socket } = plan;
  const log = path.join(folder, 'log');
  let answers = false;
  const guard = new Child({
    args: [GUARD, program, ...args],
    log,
    whyEnded() {
      const words = readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n');
      const when = answers ? 'ended during the run' : 'ended at once';
      return new LabError(`${path.basename(program)} ${when}. ${words}`, {
        remedy: 'Its own words tell why; or name a service that runs by --redis or --memcached.',
      });
    },
  });
  try {
    const { pid, startedAtMillis } = await guard.answer<GuardReport>(undefined, signal);
    // A guard that was killed could not take its service along.
    guard.ended.catch(() => {
      if (guard.end !== 'exit') signalTo(pid, 'SIGKILL');
    });
    await Promise.race([untilItAnswers(program, socket, signal), guard.ended]);
    answers = true;
    return { guard, pid, startMillis: Date.now() - startedAtMillis };
  } catch (error) {
    await guard.stop();
    throw error;
  }
}

async function untilItAnswers(
  program: string,
  socket: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const until = performance.now() + START_LIMIT_MILLIS;
  for (;;) {
    signal?.throwIfAborted();
    // Every service answers a line that it does not understand, with an error.
    const answer = await ask(socket, 'PING\r\n').catch(() => '');
    // While Redis reads its file it answers, but that it is loading.
    if (answer !== '' && !answer.startsWith('-LOADING')) return;
    if (performance.now() > until) {
      throw new LabError(
        `${path.basename(program)} did not answer within ${START_LIMIT_MILLIS / 1_000} s.`,
        { remedy: 'Try again on a machine with less to do.' },
      );
    }
    await delay(POLL_MILLIS);
  }
}

/** SIGKILL to the service, by its guard; done when both are gone. */
async function endOf({ guard, pid }: Running): Promise<void> {
  await guard.stop();
  while (guard.end !== 'exit' && isRunning(pid)) await delay(POLL_MILLIS);
}

function signalService({ guard, pid }: Running, signal: NodeJS.Signals): void {
  if (guard.end === null) signalTo(pid, signal);
}

async function memoryBytes(kind: ServiceName, socket: string): Promise<number> {
  const [question, answer] =
    kind === 'redis'
      ? ['INFO memory\r\n', /used_memory:(\d+)\r\n/]
      : ['stats\r\n', /STAT bytes (\d+)\r\n/];
  return Number(answer.exec(await ask(socket, question, answer))?.[1]);
}

/** Sends one line over a connection of its own and gives back what came until `enough` was in it. */
function ask(socketPath: string, line: string, enough = /\n/): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    let text = '';
    socket.setEncoding('utf8');
    socket.setTimeout(ANSWER_LIMIT_MILLIS, () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (!enough.test(text)) return;
      resolve(text);
      socket.destroy();
    });
    socket.write(line);
  });
}
