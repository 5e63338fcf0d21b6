import { type Lab, type PhaseLab, planArm, type Scenario } from '../kit/contract.ts';
import { conclude } from '../kit/finding.ts';
import { localMemoryOnly, noRounds } from '../kit/refusals.ts';
import { type CountOfThread, exhibits, findingsOf, type Raised, sentence } from './judgement.ts';

/** Of the requests, this share asks for users' pages instead of raising a counter. */
const PAGES_SHARE = 1 / 5;

/** Ten thousand updates of one counter at once in one process; then the same in threads of one process. */
export const threads: Scenario = {
  name: 'threads',
  question: 'Does a cache that is safe inside a process hold for its threads, and for its updates?',
  claims: ['C7', 'C8'],
  seconds: 4,
  // It counts misses; what each of them costs is another scenario's subject.
  originOrders: 5_000,
  defaults: { requests: 10_000, connections: 100 },
  quick: { workers: [2], requests: 1_000, connections: 40 },
  unused: {
    ...localMemoryOnly(),
    ...noRounds(),
    launcher: 'one arm is a process and the other its threads; it starts both by itself.',
    routing: 'many connections that stay open, which is the same for processes and threads.',
    maxEntries: 'nothing is to be evicted here.',
    timeoutSeconds: 'nothing is to expire here.',
    cullFrequency: 'nothing is to be evicted here.',
    ratePerSecond: 'the updates are to come all at once.',
  },

  refuse({ workers, keys, maxEntries, connections, requests }) {
    if (workers.some((count) => count < 2)) {
      return '--workers 1: one thread alone has nobody to share with. Give 2 or more.';
    }
    if (keys > maxEntries) {
      return `--keys ${keys} is more than a cache holds (${maxEntries}); nothing is to be evicted here.`;
    }
    if (requests * PAGES_SHARE < connections) {
      return `--requests ${requests}: a fifth of them ask for pages, fewer than there are connections. Use ${connections / PAGES_SHARE} or more.`;
    }
    return null;
  },

  arms: (options) => [
    planArm(options, { name: '1 process', workers: 1, features: ['counters'] }),
    ...options.workers.map((workers) =>
      planArm(options, {
        name: `${workers} threads`,
        workers,
        launcher: 'threads',
        features: ['counters'],
      }),
    ),
  ],

  async measure(lab) {
    const { requests, workers } = lab.plan;
    const pages = Math.floor(requests * PAGES_SHARE);
    // Nothing lost among ten thousand says something; that counters are apart shows with fewer.
    const updates = workers === 1 ? requests : pages;
    await lab.phase('pages', (phase) => phase.traffic({ requests: pages }));
    await lab.phase('updates in one step', (phase) =>
      raise(lab, phase, { name: 'oneStep', path: '/counters/one', requests: updates }),
    );
    await lab.phase('updates in two steps', (phase) =>
      raise(lab, phase, {
        name: 'twoSteps',
        path: '/counters/two/read-and-write',
        requests: pages,
      }),
    );
  },

  judge(arms) {
    return {
      verdict: conclude(sentence(arms), arms.flatMap(findingsOf)),
      exhibits: exhibits(arms),
    };
  },
};

/** Raises a counter so many times, then asks every worker what its own counter shows. */
async function raise(
  lab: Lab,
  phase: PhaseLab,
  { name, path, requests }: { name: string; path: string; requests: number },
): Promise<void> {
  const requestsBySlot = new Map<number, number>();
  const values = new Map<number, Set<number>>();
  await phase.traffic({
    requests,
    request: () => ({ method: 'POST', path }),
    onResponse({ slot, body }) {
      requestsBySlot.set(slot, (requestsBySlot.get(slot) ?? 0) + 1);
      const seen = values.get(slot) ?? new Set();
      values.set(slot, seen.add((JSON.parse(body) as { value: number }).value));
    },
  });
  const threads: CountOfThread[] = [];
  for (let slot = 1; slot <= lab.plan.workers; slot++) {
    const counter = path.split('/')[2];
    const { body, pid } = await phase.ask(slot, { path: `/counters/${counter}` });
    threads.push({
      slot,
      pid,
      updates: requestsBySlot.get(slot) ?? 0,
      counter: (body as { value: number }).value,
      differentAnswers: values.get(slot)?.size ?? 0,
    });
  }
  lab.observe(name, { updates: requests, threads } satisfies Raised);
}
