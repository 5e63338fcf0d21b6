import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { LabError } from '../console/errors.ts';
import type { FleetPlan } from './fleet.ts';
import { lastWords } from './roster.ts';
import { workerEnvironment } from './worker-environment.ts';

const STOP_LIMIT_MILLIS = 1_500;

/**
 * Starts the process that starts the workers. In a process group of its own: Ctrl-C reaches the lab
 * alone, which then stops its fleet in order.
 */
export function spawnPrimary(script: string, plan: FleetPlan): ChildProcess {
  const log = openSync(path.join(plan.settings.runFolder, 'primary.log'), 'a');
  try {
    return spawn(process.execPath, [script], {
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      env: workerEnvironment(plan),
    });
  } finally {
    closeSync(log);
  }
}

/** Rejects when the primary ends; it does by itself only when a worker cannot start. */
export function endOf(primary: ChildProcess, { settings }: FleetPlan): Promise<never> {
  const ended = new Promise<never>((_, reject) => {
    primary.once('error', reject);
    primary.once('exit', () => {
      const words = lastWords(settings.runFolder);
      reject(
        new LabError(`The workers could not start. ${words}`, {
          remedy: 'Its last words tell why; a port that is taken can be changed by --port.',
        }),
      );
    });
  });
  // Once the fleet runs, nobody waits for this any more.
  ended.catch(() => {});
  return ended;
}

/** Ends the primary, which ends its workers; done when it is gone. */
export async function stopPrimary(primary: ChildProcess): Promise<void> {
  if (primary.exitCode !== null || primary.signalCode !== null) return;
  const gone = new Promise((resolve) => primary.once('exit', resolve));
  primary.kill('SIGTERM');
  const limit = setTimeout(() => primary.kill('SIGKILL'), STOP_LIMIT_MILLIS);
  await gone;
  clearTimeout(limit);
}
