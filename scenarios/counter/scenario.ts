import { VISITS_METRIC } from '../../server/protocol.ts';
import { eachFleetAndBackend, refuseBackends } from '../kit/arms.ts';
import type { PhaseLab, Scenario } from '../kit/contract.ts';
import { conclude } from '../kit/finding.ts';
import { noLimits, noRounds, noUserPages } from '../kit/refusals.ts';
import { type CountOfWorker, exhibits, findingsOf, type Scrape, sentence } from './judgement.ts';

/** How often the metric is scraped, with an equal share of the second half of the visits between. */
const SCRAPES = 24;
const LEAST_REQUESTS = 10 * SCRAPES;

/** Visits counted by `incr` in a cache and by a Prometheus counter, scraped through the shared port. */
export const counter: Scenario = {
  name: 'counter',
  question: 'Why does the number of visits jump, and even fall?',
  claims: ['C8', 'C17'],
  seconds: 4,
  defaults: { requests: 2_400 },
  quick: { workers: [3], requests: 240, connections: 10 },
  unused: {
    ...noUserPages('for counters'),
    ...noLimits(),
    ...noRounds(),
    originDelayMillis: 'the counters are not in the database.',
    ratePerSecond: 'it scrapes after so many visits, not after so many seconds.',
  },

  refuse({ workers, requests, backends }) {
    if (workers.every((count) => count < 2)) {
      return `--workers ${workers}: one worker has one counter; it is the comparison and runs anyway. Give 2 or more.`;
    }
    if (requests < LEAST_REQUESTS) {
      return `--requests ${requests} leaves too few visits between two of the ${SCRAPES} scrapes. Use ${LEAST_REQUESTS} or more.`;
    }
    return refuseBackends(backends);
  },

  arms: (options) => eachFleetAndBackend(options, { features: ['counters'] }),

  async measure(lab) {
    const { workers, requests } = lab.plan;
    const half = Math.floor(requests / 2);
    const counted = new Map<number, number>();
    await lab.phase('visits, then a scrape now and then', async (phase) => {
      // One more connection than workers that stay open: some worker serves two, and is ahead.
      await visits(phase, { requests: half, connections: workers + 1 }, counted);
      const scrapes: Scrape[] = [];
      for (let scrape = 0; scrape < SCRAPES; scrape++) {
        await visits(phase, { requests: Math.floor(half / SCRAPES) }, counted);
        scrapes.push(await scrapeOnce(phase, counted));
      }
      lab.observe('scrapes', scrapes);
    });
    await lab.phase('asking each worker', async (phase) => {
      const counts: CountOfWorker[] = [];
      for (let slot = 1; slot <= workers; slot++) {
        const { body } = await phase.ask(slot, { path: '/counters/visits' });
        const { value } = body as { value: number };
        counts.push({ slot, visits: counted.get(slot) ?? 0, counter: value });
      }
      lab.observe('counts', counts);
    });
  },

  judge(arms) {
    return {
      verdict: conclude(sentence(arms), arms.flatMap(findingsOf)),
      exhibits: exhibits(arms),
    };
  },
};

/** Adds to `counted`, for each worker, the visits that it answered. */
async function visits(
  phase: PhaseLab,
  share: { requests: number; connections?: number },
  counted: Map<number, number>,
): Promise<void> {
  await phase.traffic({
    ...share,
    request: () => ({ method: 'POST', path: '/counters/visits' }),
    onResponse: ({ slot }) => counted.set(slot, (counted.get(slot) ?? 0) + 1),
  });
}

/** As a monitoring system does it: over the shared port, so that any worker may answer. */
async function scrapeOnce(phase: PhaseLab, counted: ReadonlyMap<number, number>): Promise<Scrape> {
  const { slot, body } = await phase.askFleet({ path: '/metrics' });
  const line = String(body).match(new RegExp(`^${VISITS_METRIC} (\\d+)$`, 'm'));
  return {
    slot,
    value: Number(line?.[1]),
    visitsThere: counted.get(slot) ?? 0,
    visitsInAll: [...counted.values()].reduce((sum, visits) => sum + visits, 0),
  };
}
