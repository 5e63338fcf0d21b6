import { sum } from '../../reports/record/tally.ts';
import { VISITS_METRIC } from '../../server/protocol.ts';
import { slotsOf } from '../kit/arms.ts';
import type { Lab, PhaseLab, TrafficPlan } from '../kit/contract.ts';

/** How often the metric is scraped, with an equal share of the second half of the visits between. */
export const SCRAPES = 24;

/** One look at the metric over the shared port. */
interface Scrape {
  /** Who happened to answer. */
  readonly slot: number;
  readonly value: number;
  /** Visits that this worker had answered by then. */
  readonly visitsThere: number;
  /** Visits that all workers had answered by then. */
  readonly visitsInAll: number;
}

/** The counter in one worker's cache, at the end. */
interface CountOfWorker {
  readonly slot: number;
  readonly visits: number;
  readonly counter: number;
}

/** What is seen of an arm. */
export interface Seen {
  readonly scrapes: readonly Scrape[];
  readonly counts: readonly CountOfWorker[];
}

/** Visits with a scrape now and then; at the end each worker is asked for its counter. */
export async function measureCounters(lab: Lab): Promise<Seen> {
  const { workers, requests } = lab.plan;
  const half = Math.floor(requests / 2);
  const visits = new Map(slotsOf(lab.plan).map((slot) => [slot, 0]));
  const scrapes = await lab.phase('visits, then a scrape now and then', async (phase) => {
    const visit = (share: TrafficPlan) =>
      phase.traffic({
        ...share,
        request: () => ({ method: 'POST', path: '/counters/visits' }),
        onResponse: ({ slot }) => visits.set(slot, visits.get(slot)! + 1),
      });
    // One more connection than workers that stay open: some worker serves two, and is ahead.
    await visit({ requests: half, connections: workers + 1 });
    const scrapes: Scrape[] = [];
    for (let scrape = 0; scrape < SCRAPES; scrape++) {
      await visit({ requests: Math.floor(half / SCRAPES) });
      const { slot, value } = await scrapeOnce(phase);
      scrapes.push({
        ...{ slot, value, visitsThere: visits.get(slot)! },
        visitsInAll: sum(visits.values()),
      });
    }
    return scrapes;
  });
  const counts = await lab.phase('asking each worker', async (phase) => {
    const counts: CountOfWorker[] = [];
    for (const [slot, own] of visits) {
      const { body } = await phase.ask(slot, { path: '/counters/visits' });
      counts.push({ slot, visits: own, counter: (body as { value: number }).value });
    }
    return counts;
  });
  return { scrapes, counts };
}

/** As a monitoring system does it: over the shared port, so that any worker may answer. */
async function scrapeOnce(phase: PhaseLab): Promise<Pick<Scrape, 'slot' | 'value'>> {
  const { slot, body } = await phase.askFleet({ path: '/metrics' });
  const line = String(body).match(new RegExp(`^${VISITS_METRIC} (\\d+)$`, 'm'));
  return { slot, value: Number(line?.[1]) };
}
