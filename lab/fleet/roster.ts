import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import {
  ownerOfControlSocket,
  privateSocketPath,
  type WorkerSnapshot,
} from '../../server/protocol.ts';
import { isRunning } from '../../server/running.ts';
import { LabError } from '../console/errors.ts';
import { askWorker } from '../traffic/single-request.ts';
import type { WorkerHandle } from './fleet.ts';
import { poll } from './poll.ts';

/**
 * Who is there: the workers of a run, read from the control sockets in its folder. Works the same
 * whoever started them. A worker that was killed leaves its socket behind; it is swept up here.
 */
export function readRoster(runFolder: string): WorkerHandle[] {
  const handles: WorkerHandle[] = [];
  for (const name of readdirSync(runFolder)) {
    const worker = ownerOfControlSocket(name);
    if (!worker) continue;
    const controlSocket = path.join(runFolder, name);
    const privateSocket = privateSocketPath(runFolder, worker.slot, worker.pid);
    if (isRunning(worker.pid)) handles.push({ ...worker, controlSocket, privateSocket });
    else for (const left of [controlSocket, privateSocket]) rmSync(left, { force: true });
  }
  return handles.sort((a, b) => a.slot - b.slot || a.pid - b.pid);
}

export interface Expected {
  readonly workers: number;
  readonly limitMillis: number;
}

/**
 * Waits until so many workers are there, and all of them answer.
 *
 * @throws LabError when one could not start, with its reason, or the time is over; what `signal` is
 * aborted by
 */
export async function awaitRoster(
  runFolder: string,
  { workers, limitMillis }: Expected,
  signal: AbortSignal,
): Promise<WorkerHandle[]> {
  let present: WorkerHandle[] = [];
  const look = async () => {
    const failure = bootFailure(runFolder);
    if (failure) throw failure;
    present = readRoster(runFolder);
    return present.length === workers && (await allAnswer(present));
  };
  if (await poll(look, { limitMillis, signal })) return present;
  const slots = present.map(({ slot }) => slot).join(', ') || 'none';
  throw new LabError(
    `Only some of ${workers} workers answered within ${limitMillis / 1_000} s (slots: ${slots}). ${lastWords(runFolder)}`,
    { remedy: 'Try fewer --workers, or a machine with less to do.' },
  );
}

/** Why a worker could not start, as it left word itself; `null`: none has. */
export function bootFailure(runFolder: string): LabError | null {
  const left = readdirSync(runFolder).find((name) => /^failed-.*\.txt$/.test(name));
  // The file is there a moment before its text.
  const words = left ? linesOf(path.join(runFolder, left)).join('\n') : '';
  if (words === '') return null;
  return new LabError(`Worker ${left!.split('-')[1]} could not start: ${words}`, {
    remedy:
      'If a port is taken, choose another --port; otherwise the message tells what is missing.',
  });
}

async function allAnswer(handles: readonly WorkerHandle[]): Promise<boolean> {
  try {
    await snapshotsOf(handles);
    return true;
  } catch {
    return false;
  }
}

/**
 * Every worker's own counters, in the order of the handles.
 *
 * @throws LabError that names a worker which does not answer
 */
export function snapshotsOf(
  handles: readonly WorkerHandle[],
  options: { keys?: boolean } = {},
): Promise<WorkerSnapshot[]> {
  const route = options.keys ? '/snapshot?keys' : '/snapshot';
  return Promise.all(handles.map((worker) => askWorker<WorkerSnapshot>(worker, route)));
}

const MOST_WORDS = 12;

/**
 * The end of what one worker, or all of them, wrote to the log, and how its process ended where that
 * was seen: the reason, when one has died. Empty: nothing.
 *
 * @param slotsBefore slots of the servers before this one, which pm2 does not count
 */
export function wordsOf(runFolder: string, slot?: number, slotsBefore = 0): string {
  const instance = slot === undefined ? -1 : slot - slotsBefore - 1;
  const logs = readdirSync(runFolder).filter((name) =>
    slot === undefined
      ? name.endsWith('.log')
      : ['primary.log', `worker-${slot}.log`, `pm2-worker-${instance}.log`].includes(name),
  );
  const lines = logs.flatMap((name) => linesOf(path.join(runFolder, name)).slice(-MOST_WORDS));
  const isItsEnd = (line: string) =>
    line.includes(`App [cache-lab:${instance}] exited`) && !line.endsWith('[SIGINT]');
  return [...lines, ...linesOf(path.join(runFolder, 'pm2', 'pm2.log')).filter(isItsEnd)].join('\n');
}

/** {@link wordsOf} as a sentence. */
export function lastWords(...of: Parameters<typeof wordsOf>): string {
  const words = wordsOf(...of);
  return words === '' ? 'It left no last words.' : `Its last words:\n${words}`;
}

/** Where in its code a worker failed says nothing to whoever started the run. */
const OF_STACK = /^\s+at .*|^Node\.js v[\d.]+$/;

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !OF_STACK.test(line));
  } catch {
    return [];
  }
}
