import { LOCATIONS, type LocatedCache } from '../../server/protocol.ts';
import { planArm, type Scenario } from '../kit/contract.ts';
import { conclude } from '../kit/finding.ts';
import { localMemoryOnly, noLimits, noRounds, noUserPages } from '../kit/refusals.ts';
import { exhibits, findingsOf, type Sight, sentence } from './judgement.ts';

/** Where everything is written; the others only look. */
const WRITER = 1;

/** Caches that share a LOCATION, that do not, and that nobody configured, in every worker. */
export const locations: Scenario = {
  name: 'locations',
  question: 'What does LOCATION tell apart, and what can it not bring together?',
  claims: ['C3', 'C4'],
  seconds: 2,
  defaults: { workers: [2] },
  quick: { workers: [3] },
  unused: {
    ...noUserPages('for keys of its own'),
    ...noLimits(),
    ...localMemoryOnly(),
    ...noRounds(),
    originDelayMillis: 'nothing comes from the database.',
    requests: 'each worker is asked once about each key.',
    connections: 'each worker is asked over a connection of its own.',
    routing: 'each worker is asked over a connection of its own.',
    ratePerSecond: 'each worker is asked in turn.',
  },

  refuse: ({ workers }) =>
    workers.some((count) => count < 2)
      ? '--workers 1: it compares what two processes see. Give 2 or more.'
      : null,

  arms: (options) =>
    options.workers.map((workers) =>
      planArm(options, { name: `${workers} workers`, workers, features: ['locations'] }),
    ),

  async measure(lab) {
    await lab.phase('write at one worker, look at all', async (phase) => {
      const sights: Sight[] = [];
      for (const written of Object.keys(LOCATIONS) as LocatedCache[]) {
        const key = `from_${Object.keys(LOCATIONS).indexOf(written) + 1}`;
        const cache = encodeURIComponent(written);
        await phase.ask(WRITER, { method: 'PUT', path: `/locations/${cache}/${key}` });
        for (let slot = 1; slot <= lab.plan.workers; slot++) {
          const { body } = await phase.ask(slot, { path: `/locations/${key}` });
          const { seenBy } = body as { seenBy: LocatedCache[] };
          sights.push({ written, slot, atWriter: slot === WRITER, seenBy });
        }
      }
      lab.observe('sights', sights);
    });
  },

  judge(arms) {
    return {
      verdict: conclude(sentence(arms), arms.flatMap(findingsOf)),
      exhibits: exhibits(arms),
    };
  },
};
