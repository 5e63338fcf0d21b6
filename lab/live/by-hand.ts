import { pageOf } from '../../scenarios/kit/protocol.ts';
import { userPath } from '../../server/protocol.ts';
import { LabError } from '../console/errors.ts';
import { NO_KEY } from '../traffic/ledger.ts';
import type { Live } from './live.ts';
import type { Streamed } from './stream.ts';

/* What a presenter or a participant does to the fleet by hand. Users are counted from 1. */

/**
 * Asks for a user: one worker, or wherever the routing leads.
 *
 * @param guest 0: the presenter
 * @throws LabError when no answer came
 */
export async function ask(
  live: Live,
  user: number,
  { slot, guest = 0 }: { slot?: number | undefined; guest?: number } = {},
): Promise<Streamed> {
  const worker = slot === undefined ? null : await live.fleet.worker(slot);
  const answered = await live.through(pageOf(user - 1), (request) =>
    worker ? live.stream.askWorker(worker.privateSocket, request) : live.stream.ask(guest, request),
  );
  return answered ?? noAnswer(`User ${user} was asked for`);
}

/** Renames a user through whichever worker the routing leads to. @throws as {@link ask} */
export async function rename(live: Live, user: number): Promise<Streamed> {
  const body = { name: `Renamed user ${user}` };
  const request = { method: 'PUT', path: userPath(user), key: user - 1, body } as const;
  const answered = await live.through(request, (numbered) => {
    live.event(`user ${user} renamed`);
    return live.stream.ask(0, numbered);
  });
  return answered ?? noAnswer(`User ${user} was to be renamed`);
}

/** SIGKILL; done when the replacement answers. */
export async function kill(live: Live, slot: number): Promise<void> {
  const { fleet, stage } = live;
  const { pid } = await fleet.worker(slot);
  live.event(`worker ${slot} killed`, slot);
  live.recording.killed();
  const replaced = fleet.kill(slot);
  stage.ended({ slot, pid });
  await replaced;
  await live.meet();
}

/** All workers, one after the other. */
export async function restartInTurn(live: Live): Promise<void> {
  live.event('workers restarted in turn');
  live.stage.show({ busy: 'restarting the workers in turn' });
  try {
    await live.fleet.reload();
    await live.meet();
  } finally {
    live.stage.show({ busy: null });
  }
}

/** One worker's cache, or all. */
export async function clear(live: Live, slot?: number): Promise<void> {
  const { fleet, stage, recording } = live;
  live.event(slot === undefined ? 'all caches cleared' : `cache of worker ${slot} cleared`, slot);
  const slots = slot === undefined ? (await fleet.workers()).map((one) => one.slot) : [slot];
  for (const one of slots) {
    const reply = await fleet.clear(one);
    const now = performance.now();
    recording.cleared(reply, now);
    const none = { key: NO_KEY, version: null, outcome: 'none', operation: 'clear' } as const;
    stage.cleared({ ...reply, ...none, storedSequence: 0, storedAtSeconds: 0 }, now);
  }
}

function noAnswer(what: string): never {
  throw new LabError(`${what}, and no answer came.`, { remedy: 'Try again.' });
}
