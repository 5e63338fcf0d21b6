import { slotsOf } from '../kit/arms.ts';
import type { Lab, PhaseLab } from '../kit/contract.ts';

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
  const oneStep = await lab.phase('updates in one step', (phase) =>
    raise(lab, phase, { counter: 'one', requests: updates }),
  );
  const twoSteps = await lab.phase('updates in two steps', (phase) =>
    raise(lab, phase, { counter: 'two', how: '/read-and-write', requests: pages }),
  );
  return { oneStep, twoSteps };
}

/** Raises a counter so many times, then asks every worker what its own counter shows. */
async function raise(
  lab: Lab,
  phase: PhaseLab,
  { counter, how = '', requests }: { counter: string; how?: string; requests: number },
): Promise<Raised> {
  const path = `/counters/${counter}`;
  const answers = new Map<number, number[]>();
  await phase.traffic({
    requests,
    request: () => ({ method: 'POST', path: `${path}${how}` }),
    onResponse({ slot, body }) {
      const { value } = JSON.parse(body) as { value: number };
      const own = answers.get(slot);
      if (own) own.push(value);
      else answers.set(slot, [value]);
    },
  });
  const threads: CountOfThread[] = [];
  for (const slot of slotsOf(lab.plan)) {
    const { body, pid } = await phase.ask(slot, { path });
    const own = answers.get(slot) ?? [];
    threads.push({
      slot,
      pid,
      updates: own.length,
      counter: (body as { value: number }).value,
      differentAnswers: new Set(own).size,
    });
  }
  return { updates: requests, threads };
}
