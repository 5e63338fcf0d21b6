import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { PrimaryReport, PrimaryRequest } from '../../server/primary.ts';
import type { Launcher } from './fleet.ts';
import { type Launched, liveFleet } from './live-fleet.ts';
import { endOf, spawnPrimary, stopPrimary } from './primary-process.ts';

const PRIMARY = path.join(import.meta.dirname, '../../server/primary.ts');

/** node:cluster, its primary being a process of its own. */
export const cluster: Launcher = {
  name: 'cluster',
  summary: 'node:cluster: a primary process hands each new connection to the next worker',
  async start(plan, signal) {
    signal.throwIfAborted();
    const launchedAt = performance.now();
    const primary = spawnPrimary(PRIMARY, plan);
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
