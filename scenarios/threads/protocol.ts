import { slotsOf } from '../kit/arms.ts';
import type { Lab } from '../kit/contract.ts';

/** Of the requests, this share asks for users' pages instead of raising a counter. */
export const PAGES_SHARE = 1 / 5;

/** One worker's counter, after the updates. */
interface CountOfThread {
  readonly slot: number;
  readonly pid: number;
  /** Updates that this worker answered. */
  readonly updates: number;
  /** What its counter shows. */
  readonly counter: number;
  /** Different values among its answers: as many as updates when no two got the same. */
  readonly differentAnswers: number;
}

/** One counter raised many times at once. */
export interface Raised {
  readonly updates: number;
  readonly threads: readonly CountOfThread[];
}

/** What is seen of an arm. */
export interface Seen {
  /** By `incr`. */
  readonly oneStep: Raised;
  /** By `get`, a wait, and `set`. */
  readonly twoSteps: Raised;
}

/** Pages for every worker, and then a counter raised in one step and another in two. */
export async function measureUpdates(lab: Lab): Promise<Seen> {
  const { requests, workers } = lab.plan;
  const pages = Math.floor(requests * PAGES_SHARE);
  // Nothing lost among ten thousand says something; that counters are apart shows with fewer.
  const updates = workers === 1 ? requests : pages;
  await lab.phase('pages', (phase) => phase.traffic({ requests: pages }));
  return {
    oneStep: await raise(lab, 'updates in one step', ['/counters/one', ''], updates),
    twoSteps: await raise(lab, 'updates in two steps', ['/counters/two', '/read-and-write'], pages),
  };
}

/** Raises a counter so many times in a way, then asks every worker what its own counter shows. */
function raise(
  lab: Lab,
  name: string,
  [path, way]: readonly [string, string],
  updates: number,
): Promise<Raised> {
  return lab.phase(name, async (phase) => {
    const answers = new Map(slotsOf(lab.plan).map((slot) => [slot, [] as number[]]));
    await phase.traffic({
      requests: updates,
      request: () => ({ method: 'POST', path: `${path}${way}` }),
      onResponse: ({ slot, body }) => answers.get(slot)!.push(valueIn(JSON.parse(body))),
    });
    const threads: CountOfThread[] = [];
    for (const [slot, own] of answers) {
      const { body, pid } = await phase.ask(slot, { path });
      const differentAnswers = new Set(own).size;
      threads.push({ slot, pid, updates: own.length, counter: valueIn(body), differentAnswers });
    }
    return { updates, threads };
  });
}

const valueIn = (body: unknown) => (body as { value: number }).value;
