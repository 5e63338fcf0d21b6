import { LIMIT } from '../../server/protocol.ts';
import type { Lab } from '../kit/contract.ts';
import { randomSlots } from '../kit/protocol.ts';

/** What one worker did with the requests of the client that was in a hurry. */
interface Served {
  readonly slot: number;
  readonly requests: number;
  /** The others were refused, with 429. */
  readonly served: number;
}

/** One answer to the client that watches the header. */
interface Told {
  readonly slot: number;
  /** Requests left, as the header says. */
  readonly remaining: number;
}

/** What is seen of an arm. */
export interface Seen {
  /** What a client may ask for. */
  readonly limit: number;
  readonly flood: readonly Served[];
  readonly watched: readonly Told[];
}

/** One client that is in a hurry, and then another that watches what it has left. */
export async function measureLimit(lab: Lab): Promise<Seen> {
  const bySlot = new Map<number, { slot: number; requests: number; served: number }>();
  await lab.phase('one client, as fast as it can', (phase) =>
    phase.traffic({
      request: () => requestOf('in a hurry'),
      onResponse({ slot, status }) {
        const worker = bySlot.get(slot) ?? { slot, requests: 0, served: 0 };
        worker.requests += 1;
        if (status === 200) worker.served += 1;
        bySlot.set(slot, worker);
      },
    }),
  );
  const watched = await lab.phase('another client, request by request', async (phase) => {
    const told: Told[] = [];
    // A balancer that chooses at random, and a client that waits for each answer.
    for (const slot of randomSlots(lab.plan, LIMIT * lab.plan.workers)) {
      const { headers } = await phase.ask(slot, requestOf('attentive'));
      told.push({ slot, remaining: Number(headers['x-ratelimit-remaining']) });
    }
    return told;
  });
  return { limit: LIMIT, flood: [...bySlot.values()], watched };
}

const requestOf = (client: string) => ({ path: '/limited', headers: { 'x-client': client } });
