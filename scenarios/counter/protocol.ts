import { sum } from '../../reports/record/tally.ts';
import { VISITS_METRIC } from '../../server/protocol.ts';
import { slotsOf } from '../kit/arms.ts';
import type { Lab, PhaseLab } from '../kit/contract.ts';

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
  const visited = new Map<number, number>();
  const scrapes = await lab.phase('visits, then a scrape now and then', async (phase) => {
    // One more connection than workers that stay open: some worker serves two, and is ahead.
    await visit(phase, { requests: half, connections: workers + 1 }, visited);
    const scrapes: Scrape[] = [];
    for (let scrape = 0; scrape < SCRAPES; scrape++) {
      await visit(phase, { requests: Math.floor(half / SCRAPES) }, visited);
      scrapes.push(await scrapeOnce(phase, visited));
    }
    return scrapes;
  });
  const counts = await lab.phase('asking each worker', async (phase) => {
    const counts: CountOfWorker[] = [];
    for (const slot of slotsOf(lab.plan)) {
      const { body } = await phase.ask(slot, { path: '/counters/visits' });
      const { value } = body as { value: number };
      counts.push({ slot, visits: visited.get(slot) ?? 0, counter: value });
    }
    return counts;
  });
  return { scrapes, counts };
}

/** Adds to `visited`, for each worker, the visits that it answered. */
async function visit(
  phase: PhaseLab,
  share: { readonly requests: number; readonly connections?: number },
  visited: Map<number, number>,
): Promise<void> {
  await phase.traffic({
    ...share,
    request: () => ({ method: 'POST', path: '/counters/visits' }),
    onResponse: ({ slot }) => visited.set(slot, (visited.get(slot) ?? 0) + 1),
  });
}

/** As a monitoring system does it: over the shared port, so that any worker may answer. */
async function scrapeOnce(phase: PhaseLab, visited: ReadonlyMap<number, number>): Promise<Scrape> {
  const { slot, body } = await phase.askFleet({ path: '/metrics' });
  const line = String(body).match(new RegExp(`^${VISITS_METRIC} (\\d+)$`, 'm'));
  return {
    slot,
    value: Number(line?.[1]),
    visitsThere: visited.get(slot) ?? 0,
    visitsInAll: sum(visited.values()),
  };
}
