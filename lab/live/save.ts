import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { shown } from '../console/shown-path.ts';
import { sentenceOf } from './commands.ts';
import type { Live } from './live.ts';
import type { SavePlan } from './saved-record.ts';

/** What is to be saved, and where. */
export interface SaveWork extends SavePlan {
  readonly outFolder: string;
}

/** Saves what happened so far whenever it is told to; the wall goes on meanwhile. */
export class Saver {
  readonly #live: Live;
  readonly #about: Omit<SaveWork, 'arms' | 'savedAt'>;
  #saving: Promise<void> = Promise.resolve();

  constructor(live: Live, about: Omit<SaveWork, 'arms' | 'savedAt'>) {
    this.#live = live;
    const { outFolder, options, command, startedAt } = about;
    this.#about = { outFolder, options, command, startedAt };
  }

  /** Done when it has what it needs, and the next command can follow; it tells by itself how it ended. */
  async begin(): Promise<void> {
    await this.#live.checkpoint();
    const { stage, recording } = this.#live;
    const work = { ...this.#about, arms: recording.arms(), savedAt: new Date() };
    this.#saving = save(work).then(
      (report) => stage.show({ saved: shown(report) }),
      (error) => stage.say(`It could not be saved. ${sentenceOf(error)}`),
    );
  }

  /** Done when nothing is being written any more. */
  async finished(): Promise<void> {
    await this.#saving;
  }
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
