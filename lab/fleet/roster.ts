import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkerSnapshot } from '../../server/identity.ts';
import { privateSocketPath } from '../../server/protocol.ts';
import { isRunning } from '../../server/running.ts';
import { LabError } from '../console/errors.ts';
import { askWorker } from './control-client.ts';
import type { WorkerHandle } from './fleet.ts';

const CONTROL_SOCKET = /^control-(\d+)-(\d+)\.sock$/;
const POLL_MILLIS = 10;

/**
 * Who is there: the workers of a run, read from the control sockets in its folder. Works the same
 * whoever started them. A worker that was killed leaves its socket behind; it is swept up here.
 */
export function readRoster(runFolder: string): WorkerHandle[] {
  const handles: WorkerHandle[] = [];
  for (const name of readdirSync(runFolder)) {
    const match = CONTROL_SOCKET.exec(name);
    if (!match) continue;
    const slot = Number(match[1]);
    const pid = Number(match[2]);
    const controlSocket = path.join(runFolder, name);
    const privateSocket = privateSocketPath(runFolder, slot, pid);
    if (isRunning(pid)) handles.push({ slot, pid, controlSocket, privateSocket });
    else for (const left of [controlSocket, privateSocket]) rmSync(left, { force: true });
  }
  return handles.sort((a, b) => a.slot - b.slot || a.pid - b.pid);
}

/**
 * Waits until every slot from 1 to `workers` is held by one worker whose pid is not in `before`,
 * and that worker answers.
 */
export async function awaitRoster(
  runFolder: string,
  options: {
    workers: number;
    before?: ReadonlySet<number>;
    signal: AbortSignal;
    limitMillis: number;
  },
): Promise<WorkerHandle[]> {
  const until = performance.now() + options.limitMillis;
  for (;;) {
    options.signal.throwIfAborted();
    throwBootFailure(runFolder);
    const present = readRoster(runFolder).filter(({ pid }) => !options.before?.has(pid));
    if (present.length === options.workers && (await allAnswer(present))) return present;
    if (performance.now() > until) {
      const slots = present.map(({ slot }) => slot).join(', ') || 'none';
      throw new LabError(
        `Only some workers answered within ${options.limitMillis / 1000} s (slots: ${slots}; ` +
          `wanted: 1 to ${options.workers}).\n${lastWords(runFolder)}`,
        { remedy: 'Try fewer --workers, or a machine with less to do.' },
      );
    }
    await delay(POLL_MILLIS, undefined, { signal: options.signal }).catch(() => {});
  }
}

/** A worker that could not start has left word why. */
function throwBootFailure(runFolder: string): void {
  const left = readdirSync(runFolder).find((name) => /^failed-.*\.txt$/.test(name));
  if (!left) return;
  const words = readFileSync(path.join(runFolder, left), 'utf8');
  // The file is there a moment before its text.
  if (words === '') return;
  throw new LabError(`Worker ${left.split('-')[1]} could not start: ${words}`, {
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

/** Every worker's own counters, in the order of the handles. */
export function snapshotsOf(
  handles: readonly WorkerHandle[],
  options: { keys?: boolean } = {},
): Promise<WorkerSnapshot[]> {
  const route = options.keys ? '/snapshot?keys' : '/snapshot';
  return Promise.all(
    handles.map(({ controlSocket }) => askWorker<WorkerSnapshot>(controlSocket, route)),
  );
}

/**
 * The end of what one worker, or all of them, wrote to the log: the reason, when one has died.
 *
 * @param slotsBefore slots of the servers before this one, which pm2 does not count
 */
export function lastWords(runFolder: string, slot?: number, slotsBefore = 0): string {
  const logs = readdirSync(runFolder).filter((name) =>
    slot === undefined
      ? name.endsWith('.log')
      : name === `worker-${slot}.log` || name === `pm2-worker-${slot - slotsBefore - 1}.log`,
  );
  const words = logs
    .map((name) => readFileSync(path.join(runFolder, name), 'utf8').trimEnd())
    .filter((text) => text !== '')
    .map((text) => text.split('\n').slice(-12).join('\n'));
  return words.length === 0 ? 'It left no last words.' : `Its last words:\n${words.join('\n')}`;
}
