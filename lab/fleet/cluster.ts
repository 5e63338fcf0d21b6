import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import type { PrimaryReport, PrimaryRequest } from '../../server/primary.ts';
import { SETTINGS_VARIABLE } from '../../server/settings.ts';
import { LabError } from '../lab-error.ts';
import type { FleetPlan, Launcher } from './fleet.ts';
import { type Launched, liveFleet } from './live-fleet.ts';
import { lastWords } from './roster.ts';

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
      await bootOf(primary, plan, signal);
      return await liveFleet(plan, launched, signal, launchedAt);
    } catch (error) {
      await launched.stop();
      throw error;
    }
  },
};

/** In a process group of its own: Ctrl-C reaches the lab alone, which then stops its fleet in order. */
function spawnPrimary({ workers, settings, scheduling }: FleetPlan): ChildProcess {
  const log = openSync(path.join(settings.runFolder, 'primary.log'), 'a');
  try {
    return spawn(process.execPath, [PRIMARY], {
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      env: {
        ...process.env,
        [SETTINGS_VARIABLE]: JSON.stringify(settings),
        CACHE_LAB_WORKERS: String(workers),
        CACHE_LAB_SCHEDULING: scheduling ?? 'round-robin',
      },
    });
  } finally {
    closeSync(log);
  }
}

/** Resolves when all workers have reported ready; rejects when one could not start. */
function bootOf(
  primary: ChildProcess,
  { settings }: FleetPlan,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    primary.on('message', (report: PrimaryReport) => {
      if (report.told === 'ready') resolve();
      if (report.told === 'boot-failed') {
        // The log is written by a stream of the primary; what it had is there when 'close' is told.
        reject(
          new LabError(
            `Worker ${report.slot} could not start (${report.exit}). ` +
              lastWords(settings.runFolder, report.slot),
            { remedy: 'Its last words tell why; a port that is taken can be changed by --port.' },
          ),
        );
      }
    });
    primary.once('error', reject);
    primary.once('exit', (code, killed) => {
      reject(
        new LabError(
          `The cluster primary ended (${killed ?? `exit code ${code}`}). ${lastWords(settings.runFolder)}`,
          { remedy: 'Its last words tell why.' },
        ),
      );
    });
  });
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
