import { setTimeout as delay } from 'node:timers/promises';
import { HOT_TIMEOUT_SECONDS, type HotOutcome } from '../../server/protocol.ts';
import type { Lab } from '../kit/contract.ts';

/** How often the entry is gone when the burst comes: once it is new, then it has expired. */
const TIMES_GONE = 3;

/** One request of a burst: who answered, and what it had to do. */
export interface HotReply {
  readonly slot: number;
  readonly outcome: HotOutcome;
}

/** One for each time that the entry was gone. */
export type Bursts = readonly (readonly HotReply[])[];

/** What is seen of an arm. */
export interface Seen {
  readonly withoutLock: Bursts;
  readonly withLock: Bursts;
}

/** The same bursts without a lock on loading, and with one. */
export async function measureBursts(lab: Lab): Promise<Seen> {
  return {
    withoutLock: await bursts(lab, 'without a lock', '/hot'),
    withLock: await bursts(lab, 'with a lock', '/hot?lock=true'),
  };
}

/** A burst of requests each time that the entry is gone; each connection asks once. */
function bursts(lab: Lab, name: string, path: string): Promise<Bursts> {
  return lab.phase(name, async (phase) => {
    const bursts: HotReply[][] = [];
    for (let time = 1; time <= TIMES_GONE; time++) {
      // Whatever was stored before is gone then, on every worker: their clock is the machine's.
      if (time > 1) await delay(1_000 * HOT_TIMEOUT_SECONDS + 20);
      phase.event(time === 1 ? 'a new entry' : 'expired');
      const replies: HotReply[] = [];
      await phase.traffic({
        requests: lab.plan.connections,
        request: () => ({ path }),
        onResponse({ slot, body }) {
          replies.push({ slot, outcome: (JSON.parse(body) as { outcome: HotOutcome }).outcome });
        },
      });
      bursts.push(replies);
    }
    return bursts;
  });
}
