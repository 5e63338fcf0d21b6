import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../console/errors.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { askWorker } from '../traffic/single-request.ts';

const WATCH_MILLIS = 1_000;

/** How long a worker may be silent. */
interface Patience {
  readonly limitMillis: number;
  /** How often it is asked. */
  readonly everyMillis?: number;
}

/**
 * Asks every worker again and again whether it is there, until `stop`: one that was stopped is not
 * dead, and clients would wait for it for ever. Gives a signal that is aborted by the LabError that
 * names it. It has to be silent twice in a row: the lab itself may have been stopped, or its machine
 * have slept, and then nobody's answer is in time.
 */
export function watchAnswers(
  fleet: Pick<Fleet, 'workers'>,
  { limitMillis, everyMillis = WATCH_MILLIS }: Patience,
): { readonly silent: AbortSignal; stop(): void } {
  const silent = new AbortController();
  const over = new AbortController();
  const ask = async () => {
    const workers = await fleet.workers();
    const half = { limitMillis: limitMillis / 2 };
    await Promise.all(workers.map((one) => askWorker(one, '/alive', half)));
  };
  let wasSilent = false;
  const watch = async () => {
    while (!over.signal.aborted) {
      await delay(everyMillis, undefined, { signal: over.signal }).catch(() => {});
      // A worker that is being replaced breaks off; one that died is told by the fleet.
      const error = await ask().catch((cause: unknown) => cause);
      const isSilent = error instanceof LabError && !over.signal.aborted;
      if (isSilent && wasSilent) silent.abort(error);
      wasSilent = isSilent;
    }
  };
  void watch();
  return { silent: silent.signal, stop: () => over.abort() };
}
