import path from 'node:path';
import { LabError } from '../console/errors.ts';
import type { Launcher } from './fleet.ts';
import { type Launched, liveFleet } from './live-fleet.ts';
import { endOf, spawnPrimary, stopPrimary } from './primary-process.ts';

const THREADS = path.join(import.meta.dirname, '../../server/threads.ts');

/** Workers as threads of one process. They have one pid, so none can be replaced without the others. */
export const threads: Launcher = {
  name: 'threads',
  summary: 'worker_threads: all workers in one process, connections handed out in turn',
  async start(plan, signal) {
    signal.throwIfAborted();
    const launchedAt = performance.now();
    const main = spawnPrimary(THREADS, plan);
    const launched: Launched = { reload: refuse, stop: () => stopPrimary(main) };
    try {
      const fleet = await Promise.race([
        liveFleet(plan, launched, signal, launchedAt),
        endOf(main, plan),
      ]);
      return { ...fleet, reload: refuse, kill: refuse };
    } catch (error) {
      await launched.stop();
      throw error;
    }
  },
};

async function refuse(): Promise<never> {
  throw new LabError('A thread cannot be replaced: the process that ends is that of all of them.', {
    remedy: 'Use --launcher cluster or pm2, where each worker is a process.',
  });
}
