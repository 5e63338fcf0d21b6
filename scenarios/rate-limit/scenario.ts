import { LIMIT } from '../../server/protocol.ts';
import { eachFleetAndBackend, refuseBackends } from '../kit/arms.ts';
import type { PhaseLab, Scenario } from '../kit/contract.ts';
import { conclude } from '../kit/finding.ts';
import { noLimits, noRounds, noUserPages } from '../kit/refusals.ts';
import { createKeySampler } from '../theory/key-sampler.ts';
import { exhibits, findingsOf, type Served, sentence, type Told } from './judgement.ts';

/** A client that asks far more often than it may, of a fleet in which each worker counts for itself. */
export const rateLimit: Scenario = {
  name: 'rate-limit',
  question: `A client may make ${LIMIT} requests. How many does a fleet let through?`,
  claims: ['C17'],
  seconds: 2,
  defaults: { requests: 800 },
  quick: { workers: [3], requests: 200 },
  unused: {
    ...noUserPages('for a page with a limit per client'),
    ...noLimits(),
    ...noRounds(),
    originDelayMillis: 'the page is not in the database.',
  },

  refuse({ workers, requests, backends }) {
    const most = Math.max(...workers);
    if (most < 2) {
      return `--workers ${most}: with one worker the limit holds; it is the comparison and runs anyway. Give 2 or more.`;
    }
    if (requests <= LIMIT * most) {
      return `--requests ${requests}: ${most} workers could let all of them through. Use more than ${LIMIT * most}.`;
    }
    return refuseBackends(backends);
  },

  arms: (options) => eachFleetAndBackend(options, { features: ['limited'] }),

  async measure(lab) {
    const { workers, seed } = lab.plan;
    await lab.phase('one client, as fast as it can', async (phase) => {
      lab.observe('flood', await flood(phase));
    });
    await lab.phase('another client, request by request', async (phase) => {
      const pick = createKeySampler(new Array(workers).fill(1 / workers), seed);
      const slots = Array.from({ length: LIMIT * workers }, () => 1 + pick());
      lab.observe('watched', await oneByOne(phase, slots));
    });
  },

  judge(arms) {
    return {
      verdict: conclude(sentence(arms), arms.flatMap(findingsOf)),
      exhibits: exhibits(arms),
    };
  },
};

async function flood(phase: PhaseLab): Promise<Served[]> {
  const bySlot = new Map<number, { requests: number; served: number }>();
  await phase.traffic({
    request: () => ({ path: '/limited', headers: { 'x-client': 'in a hurry' } }),
    onResponse({ slot, status }) {
      const worker = bySlot.get(slot) ?? { requests: 0, served: 0 };
      worker.requests += 1;
      if (status === 200) worker.served += 1;
      bySlot.set(slot, worker);
    },
  });
  return [...bySlot].map(([slot, worker]) => ({ slot, ...worker }));
}

/** A balancer that chooses at random, and a client that waits for each answer. */
async function oneByOne(phase: PhaseLab, slots: readonly number[]): Promise<Told[]> {
  const told: Told[] = [];
  for (const slot of slots) {
    const { headers } = await phase.ask(slot, {
      path: '/limited',
      headers: { 'x-client': 'attentive' },
    });
    told.push({ slot, remaining: Number(headers['x-ratelimit-remaining']) });
  }
  return told;
}
