import { setTimeout as delay } from 'node:timers/promises';
import { HOT_TIMEOUT_SECONDS, type HotOutcome } from '../../server/protocol.ts';
import { eachFleetAndBackend, refuseBackends } from '../kit/arms.ts';
import type { PhaseLab, Scenario } from '../kit/contract.ts';
import { conclude } from '../kit/finding.ts';
import { noRounds, noUserPages } from '../kit/refusals.ts';
import { exhibits, findingsOf, type HotReply, sentence } from './judgement.ts';

/** How often the entry is gone when the burst comes: once it is new, then it has expired. */
const TIMES_GONE = 3;

/** A hot entry is gone, and all clients want it at once: without a lock on loading, and with one. */
export const stampede: Scenario = {
  name: 'stampede',
  question: 'The entry that everybody wants expires. Who asks the database for it, and how often?',
  claims: ['C17'],
  seconds: 7,
  // What takes the time is the way to the database, not the work there.
  originOrders: 2_000,
  defaults: { originDelayMillis: 250 },
  quick: { workers: [2], connections: 16, originDelayMillis: 150 },
  unused: {
    ...noUserPages('for one hot page'),
    ...noRounds(),
    maxEntries: 'there is one entry.',
    cullFrequency: 'there is one entry.',
    timeoutSeconds: `the hot entry lives for ${HOT_TIMEOUT_SECONDS} s, so that it expires while one watches.`,
    requests: 'each connection asks once each time that the entry is gone; use --connections.',
    routing: 'all connections ask at the same moment, each once.',
    ratePerSecond: 'all connections ask at the same moment.',
  },

  refuse({ workers, connections, originDelayMillis, backends }) {
    const most = Math.max(...workers);
    if (connections <= 2 * most) {
      return `--connections ${connections}: with ${most} workers each would get so few requests at once that a lock makes no difference. Use more than ${2 * most}.`;
    }
    if (originDelayMillis < 4 * connections) {
      return `--origin-delay ${originDelayMillis}: the entry would be back before ${connections} connections have asked. Use ${4 * connections} or more.`;
    }
    return refuseBackends(backends, {
      memcached: `its clock ticks once a second, and the hot entry lives for ${HOT_TIMEOUT_SECONDS} s.`,
    });
  },

  arms: (options) => eachFleetAndBackend(options, { features: ['hot-key'], routing: 'fresh' }),

  async measure(lab) {
    for (const locked of [false, true]) {
      const name = locked ? 'with a lock' : 'without a lock';
      await lab.phase(name, async (phase) => {
        const bursts: HotReply[][] = [];
        for (let time = 1; time <= TIMES_GONE; time++) {
          if (time > 1) await entryToExpire();
          phase.event(time === 1 ? 'a new entry' : 'expired');
          bursts.push(await burst(phase, lab.plan.connections, locked));
        }
        lab.observe(locked ? 'withLock' : 'withoutLock', bursts);
      });
    }
  },

  judge(arms) {
    return {
      verdict: conclude(sentence(arms), arms.flatMap(findingsOf)),
      exhibits: exhibits(arms),
    };
  },
};

/** Whatever was stored before is gone after that time, on every worker: their clock is the machine's. */
function entryToExpire(): Promise<void> {
  return delay(1_000 * HOT_TIMEOUT_SECONDS + 20);
}

/** Each connection asks once. */
async function burst(phase: PhaseLab, connections: number, locked: boolean): Promise<HotReply[]> {
  const replies: HotReply[] = [];
  await phase.traffic({
    requests: connections,
    connections,
    request: () => ({ path: locked ? '/hot?lock=true' : '/hot' }),
    onResponse({ slot, body }) {
      replies.push({ slot, outcome: (JSON.parse(body) as { outcome: HotOutcome }).outcome });
    },
  });
  return replies;
}
