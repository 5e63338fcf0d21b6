import path from 'node:path';
import { LabError } from '../../console/errors.ts';
import type { Launcher } from '../fleet.ts';
import { SERVER, startPrimary } from '../primary.ts';

/** Workers as threads of one process. They have one pid, so none can be replaced without the others. */
export const launcher: Launcher = {
  summary: 'worker_threads: all workers in one process, connections handed out in turn',
  async start(plan, signal) {
    const args = [path.join(SERVER, 'threads.ts')];
    const fleet = await startPrimary({ args, reload: refuse }, plan, signal);
    return { ...fleet, reload: refuse, kill: refuse };
  },
};

async function refuse(): Promise<never> {
  throw new LabError('A thread cannot be replaced: all threads share the process that would end.', {
    remedy: 'Use --launcher cluster or pm2, where each worker is a process.',
  });
}
