import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import type { PrimaryReport, PrimaryRequest } from '../../server/primary.ts';
import { LabError } from '../lab-error.ts';
import type { FleetPlan, Launcher } from './fleet.ts';
import { type Launched, liveFleet } from './live-fleet.ts';
import { lastWords } from './roster.ts';
import { workerEnvironment } from './worker-environment.ts';

const PRIMARY = path.join(import.meta.dirname, '../../server/primary.ts');
const STOP_LIMIT_MILLIS = 1_500;

/** node:cluster, its primary being a process of its own. */
export const cluster: Launcher = {
  name: 'cluster',
  summary: 'node:cluster: a primary process hands each new connection to the next worker',
  async start(plan, signal) {
    signal.throwIfAborted();
    const launchedAt = performance.now();
    const primary = spawnPrimary(plan);
    const launched: Launched = {
      reload: () => ask(primary, { do: 'reload' }, 'reloaded'),
      stop: () => stopPrimary(primary),
    };
    try {
      return await Promise.race([
        liveFleet(plan, launched, signal, launchedAt),
        endOf(primary, plan),
      ]);
    } catch (error) {
      await launched.stop();
      throw error;
    }
  },
};

/** In a process group of its own: Ctrl-C reaches the lab alone, which then stops its fleet in order. */
function spawnPrimary(plan: FleetPlan): ChildProcess {
  const log = openSync(path.join(plan.settings.runFolder, 'primary.log'), 'a');
  try {
    return spawn(process.execPath, [PRIMARY], {
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      env: workerEnvironment(plan),
    });
  } finally {
    closeSync(log);
  }
}

/** Rejects when the primary ends; it does by itself only when a worker cannot start. */
function endOf(primary: ChildProcess, { settings }: FleetPlan): Promise<never> {
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

function ask(
  primary: ChildProcess,
  request: PrimaryRequest,
  answer: PrimaryReport['told'],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const listen = (report: PrimaryReport) => {
      if (report.told !== answer) return;
      primary.off('message', listen);
      resolve();
    };
    primary.on('message', listen);
    primary.send(request, (error) => {
      if (error) reject(error);
    });
  });
}

async function stopPrimary(primary: ChildProcess): Promise<void> {
  if (primary.exitCode !== null || primary.signalCode !== null) return;
  const gone = new Promise((resolve) => primary.once('exit', resolve));
  primary.kill('SIGTERM');
  const limit = setTimeout(() => primary.kill('SIGKILL'), STOP_LIMIT_MILLIS);
  await gone;
  clearTimeout(limit);
}
