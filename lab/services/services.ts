import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import type { Persistence, ServiceName } from '../../reports/record/vocabulary.ts';
import type { LabService } from '../../scenarios/kit/contract.ts';
import { isRunning, signalTo } from '../../server/running.ts';
import { LabError } from '../console/errors.ts';
import { Child } from '../fleet/child.ts';
import { poll } from '../fleet/poll.ts';
import { findProgram, PROGRAMS } from './programs.ts';
import type { GuardReport } from './service-guard.ts';

const GUARD = path.join(import.meta.dirname, 'service-guard.ts');
const START_LIMIT_MILLIS = 10_000;
const ANSWER_LIMIT_MILLIS = 1_000;

/** A service that the lab started for itself, and what it can do to it. */
export interface PrivateService extends NonNullable<LabService['own']> {
  /** The program that runs, e.g. `redis-server`. */
  readonly program: string;
  /** As the backends want it: `unix:///…`. */
  readonly location: string;
  readonly pid: number;
  /** From the program's start until it answered. */
  readonly startMillis: number;
  /** Aborted, with a LabError that holds its last words, when it dies and nobody killed it. */
  readonly failure: AbortSignal;
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
  const { persistence = 'none', signal } = options;
  const program = findProgram(kind);
  const { args, memory } = PROGRAMS[kind];
  const folder = mkdtempSync(path.join(options.runFolder, 's-'));
  const socket = path.join(folder, 's');
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  const plan = { program, args: args({ folder, socket, persistence }), folder, socket };
  const failure = new AbortController();
  /** The one that is ended on purpose. */
  let ending: Running | undefined;
  const begin = async () => {
    const begun = await run(plan, signal);
    begun.guard.ended.catch((error) => {
      if (begun !== ending) failure.abort(error);
    });
    return begun;
  };
  const end = () => {
    ending = running;
    return endOf(running);
  };
  let running: Running;
  try {
    running = await begin();
  } catch (error) {
    remove();
    throw error;
  }
  let stopped = false;
  return {
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
      if (!stopped) running = await begin();
    },
    async memory() {
      const told = await ask(socket, memory.question, memory.answer);
      return {
        entriesBytes: Number(memory.answer.exec(told)?.[1]),
        residentBytes: residentBytes(running.pid),
      };
    },
    async stop() {
      stopped = true;
      await end();
      remove();
    },
  };
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
  const name = path.basename(program);
  /** What has answered did not end at once. */
  let answered = '';
  const guard = new Child({
    args: [GUARD, program, ...args],
    log,
    whyEnded() {
      const words = readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n');
      return new LabError(`${name} ${answered || 'ended at once'}. ${words}`, {
        remedy: 'Its output says why. Or name a running service with --redis or --memcached.',
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
    answered = `(pid ${pid}) died during the run`;
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
  const look = async () => {
    // Every service answers a line that it does not understand, with an error.
    const answer = await ask(socket, 'PING\r\n').catch(() => '');
    // While Redis reads its file it answers, but that it is loading.
    return answer !== '' && !answer.startsWith('-LOADING');
  };
  if (await poll(look, { limitMillis: START_LIMIT_MILLIS, signal })) return;
  throw new LabError(
    `${path.basename(program)} did not answer within ${START_LIMIT_MILLIS / 1_000} s.`,
    { remedy: 'Try again on a less busy machine.' },
  );
}

/** SIGKILL to the service, by its guard; done when both are gone. */
async function endOf({ guard, pid }: Running): Promise<void> {
  await guard.stop();
  await poll(() => guard.end === 'exit' || !isRunning(pid));
}

/** The process's memory in RAM, from Linux's own account of it; `null` elsewhere. */
function residentBytes(pid: number): number | null {
  const file = `/proc/${pid}/status`;
  const kibibytes =
    existsSync(file) && /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(file, 'utf8'))?.[1];
  return kibibytes ? 1_024 * Number(kibibytes) : null;
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
