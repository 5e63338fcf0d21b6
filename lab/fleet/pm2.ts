import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isRunning } from '../../server/running.ts';
import { LabError } from '../lab-error.ts';
import type { FleetPlan, Launcher } from './fleet.ts';
import { type Launched, liveFleet } from './live-fleet.ts';
import { lastWords } from './roster.ts';
import { workerEnvironment } from './worker-environment.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const PM2 = path.join(
  path.dirname(createRequire(import.meta.url).resolve('pm2/package.json')),
  'bin/pm2',
);
const STOP_LIMIT_MILLIS = 1_500;

/** pm2, run as the program that it is, with a home of its own: the user's pm2 is never touched. */
export const pm2: Launcher = {
  name: 'pm2',
  summary: 'pm2 in cluster mode, by ecosystem.config.js, in a PM2_HOME of its own',
  async start(plan, signal) {
    signal.throwIfAborted();
    const launchedAt = performance.now();
    const command = pm2Command(plan);
    const abort = new AbortController();
    const either = AbortSignal.any([signal, abort.signal]);
    const started = command(['start', path.join(ROOT, 'ecosystem.config.js')], either);
    const launched: Launched = {
      async reload() {
        await started;
        await command(['reload', 'cache-lab']);
      },
      async stop() {
        // A command that still waits for its daemon would start another.
        abort.abort(new Error('the fleet is being stopped'));
        await started.catch(() => {});
        await stopDaemon(plan.settings.runFolder);
      },
    };
    started.catch(() => {});
    try {
      // The workers may answer before the command is through, or fail while it still waits.
      const fleet = liveFleet(plan, launched, either, launchedAt);
      return await Promise.race([fleet, started.then(() => fleet)]);
    } catch (error) {
      await launched.stop();
      throw signal.aborted ? signal.reason : error;
    }
  },
};

const pm2Home = (runFolder: string) => path.join(runFolder, 'pm2');

/** Runs one pm2 command against the daemon of this run. */
function pm2Command(plan: FleetPlan) {
  const { runFolder } = plan.settings;
  const env = {
    ...workerEnvironment(plan),
    PM2_HOME: pm2Home(runFolder),
    PM2_DISCRETE_MODE: 'true',
  };
  return async (args: string[], signal?: AbortSignal): Promise<void> => {
    try {
      await promisify(execFile)(process.execPath, [PM2, ...args], {
        cwd: ROOT,
        env,
        ...(signal && { signal }),
      });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw new LabError(
        `pm2 ${args[0]} failed: ${(error as Error).message}\n${lastWords(runFolder)}`,
        { remedy: 'Its last words tell why; --launcher cluster does without pm2.', cause: error },
      );
    }
  };
}

/**
 * A SIGTERM to the daemon ends its workers and then itself, faster than the command `pm2 kill`
 * and also while another command is under way.
 */
async function stopDaemon(runFolder: string): Promise<void> {
  const pid = daemonPid(runFolder);
  if (pid === undefined) return;
  kill(pid, 'SIGTERM');
  const until = performance.now() + STOP_LIMIT_MILLIS;
  while (isRunning(pid) && performance.now() < until) await delay(10);
  if (isRunning(pid)) kill(pid, 'SIGKILL');
}

function daemonPid(runFolder: string): number | undefined {
  try {
    return Number(readFileSync(path.join(pm2Home(runFolder), 'pm2.pid'), 'utf8'));
  } catch {
    // Without the file no daemon came up.
    return undefined;
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}
