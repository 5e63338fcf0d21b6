import type { DocumentsWeight } from '../../server/protocol.ts';
import { type PhaseLab, planArm, type Scenario } from '../kit/contract.ts';
import { conclude } from '../kit/finding.ts';
import { bars, table } from './exhibits.ts';
import { findings, sentence, type Weighed } from './judgement.ts';

/** The same content in one worker and in N: who holds it, and what it weighs. */
export const memory: Scenario = {
  name: 'memory',
  question: 'How much memory does the same content take when N workers cache it?',
  claims: ['C2', 'C4'],
  seconds: 5,
  originOrders: 4_000,
  defaults: { keys: 100 },
  quick: { workers: [2], keys: 50 },
  unused: {
    requests: 'each worker is asked once for each key.',
    connections: 'each request comes over a connection of its own.',
    routing: 'each request goes to one worker on purpose.',
    ratePerSecond: 'it is about what is held, not how fast.',
    popularity: 'each worker is asked once for each key.',
    zipf: 'each worker is asked once for each key.',
    backends: 'it is about the cache in the memory of each worker.',
    rounds: 'nothing in it is left to chance.',
  },

  refuse({ keys, maxEntries, timeoutSeconds }) {
    const cannot = 'cannot be used with --scenario memory';
    if (keys > maxEntries)
      return `--keys ${keys} ${cannot} and --max-entries ${maxEntries}: not all would be held.`;
    if (keys < 50 || keys > 1_000)
      return `--keys ${keys} ${cannot}: fewer than 50 documents do not stand out, more than 1000 may fill this machine.`;
    if (timeoutSeconds !== null && timeoutSeconds < 60)
      return `--timeout ${timeoutSeconds} ${cannot}: entries could expire while others are stored; 60 is enough.`;
    return null;
  },

  arms(options) {
    return [...new Set([1, ...options.workers])]
      .sort((a, b) => a - b)
      .map((workers) =>
        planArm(options, {
          name: workers === 1 ? '1 worker' : `${workers} workers`,
          workers,
          routing: 'fresh',
          connections: 1,
          features: ['documents'],
        }),
      );
  },

  async measure(lab) {
    const slots = Array.from({ length: lab.plan.workers }, (_, index) => index + 1);
    await lab.phase('filling', async (phase) => {
      const weighed = slots.map(async (slot): Promise<Weighed> => {
        const before = await weigh(phase, slot);
        for (let key = 0; key < lab.plan.keys; key++) {
          await phase.ask(slot, { path: `/users/${key + 1}`, key });
          await phase.ask(slot, { path: `/documents/${key + 1}` });
        }
        return { slot, before, after: await weigh(phase, slot) };
      });
      lab.observe('weighed', await Promise.all(weighed));
    });
  },

  judge(arms) {
    return {
      verdict: conclude(sentence(arms), arms.flatMap(findings)),
      exhibits: arms.length === 0 ? [] : [bars(arms), table(arms)],
    };
  },
};

async function weigh(phase: PhaseLab, slot: number): Promise<DocumentsWeight> {
  return (await phase.ask(slot, { path: '/documents' })).body as DocumentsWeight;
}
