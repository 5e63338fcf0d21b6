import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SavePlan } from './saved-record.ts';

/** What is to be saved, and where. */
export interface SaveWork extends SavePlan {
  readonly outFolder: string;
}

/**
 * Writes the record of what happened and its report, in a thread of its own. Gives back the report's
 * path.
 *
 * @throws what kept it from being written
 */
export async function save(work: SaveWork): Promise<string> {
  const thread = new Worker(new URL('save-thread.ts', import.meta.url), {
    workerData: plain(work),
  });
  try {
    const [report] = await once(thread, 'message');
    return report as string;
  } finally {
    await thread.terminate();
  }
}

/** Without what another thread cannot be given: ledgers as their columns. */
function plain(work: SaveWork): SaveWork {
  const arms = work.arms.map((arm) => ({
    ...arm,
    stretches: arm.stretches.map((stretch) => ({
      ...stretch,
      live: { ...stretch.live, ledger: { ...stretch.live.ledger } as typeof stretch.live.ledger },
    })),
  }));
  return { ...work, arms };
}
