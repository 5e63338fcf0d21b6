import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { devNull } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { isRunning, signalTo } from '../../../server/running.ts';
import { LabError } from '../../console/errors.ts';
import type { FleetPlan, Launcher } from '../fleet.ts';
import { type Launched, liveFleet } from '../live-fleet.ts';
import { poll } from '../poll.ts';
import { fleetEnvironment } from '../primary.ts';
import { lastWords } from '../roster.ts';

const ROOT = path.join(import.meta.dirname, '../../..');
const PM2 = path.join(
  path.dirname(createRequire(import.meta.url).resolve('pm2/package.json')),
  'bin/pm2',
);
const STOP_LIMIT_MILLIS = 1_500;
/** A daemon that was begun is there within half a second, on a machine with nothing else to do. */
const DAEMON_LIMIT_MILLIS = 2_000;

/** pm2, run as the program that it is, with a home of its own: the user's pm2 is never touched. */
export const launcher: Launcher = {
  summary: 'pm2 in cluster mode, from ecosystem.config.js, in its own PM2_HOME',
  async start(plan, signal) {
    signal.throwIfAborted();
    const launchedAt = performance.now();
    const command = pm2Command(plan);
    const abort = new AbortController();
    const either = AbortSignal.any([signal, abort.signal]);
    const started = command(['start', path.join(ROOT, 'ecosystem.config.js')], either);
    let underWay = started;
    const launched: Launched = {
      async reload() {
        await started;
        underWay = command(['reload', 'cache-lab'], either);
        await underWay;
      },
      async stop() {
        // A command that still waits for its daemon would start another.
        abort.abort(new Error('the fleet is being stopped'));
        await underWay.catch(() => {});
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
    ...fleetEnvironment(plan),
    PM2_HOME: pm2Home(runFolder),
    PM2_DISCRETE_MODE: 'true',
    // A daemon that fails, as when its command is gone, runs `node $_ update` to be replaced; the
    // shell's `_` is whatever program was called last. There is to be no other one.
    _: devNull,
  };
  return async (args: string[], signal?: AbortSignal): Promise<void> => {
    const running = promisify(execFile)(process.execPath, [PM2, ...args], {
      cwd: ROOT,
      env,
      ...(signal && { signal }),
    });
    const { child } = running;
    const exited = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
    try {
      await running;
    } catch (error) {
      // An abort is reported before the command is gone, and until then it can begin a daemon.
      await exited;
      if (signal?.aborted) throw signal.reason;
      throw new LabError(
        `pm2 ${args[0]} failed: ${(error as Error).message}\n${lastWords(runFolder)}`,
        { remedy: 'Its last output says why; --launcher cluster does without pm2.', cause: error },
      );
    }
  };
}

/**
 * A SIGTERM to the daemon ends its workers and then itself, faster than the command `pm2 kill`
 * and also while another command is under way.
 */
async function stopDaemon(runFolder: string): Promise<void> {
  const pid = await daemonPid(runFolder);
  if (pid === undefined) return;
  signalTo(pid, 'SIGTERM');
  const isGone = () => !isRunning(pid);
  if (await poll(isGone, { limitMillis: STOP_LIMIT_MILLIS })) return;
  signalTo(pid, 'SIGKILL');
  await poll(isGone);
}

/**
 * The process id of the daemon; undefined: there is none. One that was begun a moment ago, which its
 * log tells, goes on without the command that began it and writes its id only later.
 */
async function daemonPid(runFolder: string): Promise<number | undefined> {
  const home = pm2Home(runFolder);
  if (!existsSync(path.join(home, 'pm2.log'))) return undefined;
  const file = path.join(home, 'pm2.pid');
  const read = () => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0);
  return poll(read, { limitMillis: DAEMON_LIMIT_MILLIS });
}
