import { count, counted } from '../../reports/record/format.ts';
import { sum } from '../../reports/record/tally.ts';
import { VISITS_METRIC } from '../../server/protocol.ts';
import { cachesOf, eachFleetAndBackend, isCured, mostTelling, slotsOf } from '../kit/arms.ts';
import type { PhaseLab, Scenario, SeenArm } from '../kit/contract.ts';
import { bars, lines, table } from '../kit/exhibits.ts';
import { finding } from '../kit/finding.ts';
import { atLeast, moreThanTheBaseline, usableBackends } from '../kit/refusals.ts';
import { increaseOf, timesFallen } from '../kit/sequence.ts';
import { noLimits, noRounds, noUserPages } from '../kit/unused.ts';
import { exactly } from '../theory/estimate.ts';

/** How often the metric is scraped, with an equal share of the second half of the visits between. */
const SCRAPES = 24;

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

interface Seen {
  readonly scrapes: readonly Scrape[];
  readonly counts: readonly CountOfWorker[];
}

/** Visits counted by `incr` in a cache and by a Prometheus counter, scraped through the shared port. */
export const counter: Scenario<Seen> = {
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

  refuse: (options) => [
    moreThanTheBaseline(options, 'one worker has one counter'),
    atLeast(
      options,
      'requests',
      10 * SCRAPES,
      `too few visits between two of the ${SCRAPES} scrapes`,
    ),
    usableBackends(options),
  ],

  arms: (options) => eachFleetAndBackend(options, { features: ['counters'] }),

  async measure(lab) {
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
  },

  findings(arm) {
    const { name, workers } = arm;
    const { scrapes, counts } = arm.observations;
    const claim = workers > 1 ? 'C17' : null;
    const ofAll = sum(counts.map(({ visits }) => visits));
    return [
      finding({
        claim: workers > 1 ? 'C8' : null,
        what: isCured(arm)
          ? `${name}: workers whose cached counter shows the visits of all`
          : `${name}: workers whose cached counter shows their own visits and no others`,
        unit: 'workers',
        expected: exactly(
          workers,
          isCured(arm)
            ? 'one counter in the cache that all share, raised in one step'
            : 'a counter in the memory of each process',
        ),
        measured: counts.filter(
          ({ counter, visits }) => counter === (isCured(arm) ? ofAll : visits),
        ).length,
      }),
      finding({
        claim,
        what: `${name}: scrapes that told the visits of the worker that happened to answer`,
        unit: 'scrapes',
        expected: exactly(scrapes.length, 'a metric in the memory of each process'),
        measured: scrapes.filter(({ value, visitsThere }) => value === visitsThere).length,
      }),
      finding({
        claim,
        what: `${name}: times that the scraped value fell`,
        unit: 'times',
        expected: exactly(
          timesFallen(scrapes.map(({ visitsThere }) => visitsThere)),
          'the visits of the workers in the order in which they answered',
        ),
        measured: timesFallen(scrapes.map(({ value }) => value)),
      }),
    ];
  },

  sentence(arms) {
    const arm = mostTelling(arms)!;
    const { scrapes, counts } = arm.observations;
    const highest = Math.max(0, ...counts.map((one) => one.counter));
    return (
      `${counted(arm.workers, 'worker')} kept ${counted(cachesOf(arm), 'counter')} in their cache: the highest showed ${count(highest)} of ` +
      `${count(scrapes.at(-1)?.visitsInAll ?? 0)} visits. Scraped through the shared port the value fell ` +
      `${counted(timesFallen(scrapes.map(({ value }) => value)), 'time')}, and a monitoring system would report ` +
      `${count(scrapedIncrease(arm))} visits where there were ${count(trueIncrease(arm))}.`
    );
  },

  exhibits: (arms) => [
    lines({
      id: 'scraped',
      title: 'The scraped value against the visits',
      caption:
        'Each point is one scrape. One worker tells the visits; several tell, in turn, what each of them has counted.',
      x: { label: 'visits', format: 'count' },
      y: { label: 'value scraped', format: 'count' },
      series: arms.map(({ name, observations }) => ({
        name,
        points: observations.scrapes.map(({ visitsInAll, value }) => [visitsInAll, value]),
      })),
    }),
    bars(arms, {
      id: 'increase',
      title: 'Visits between the first scrape and the last',
      caption:
        'What a monitoring system makes of the scrapes when it takes every fall for a restart, and what was.',
      y: { label: 'visits', format: 'count' },
      series: [
        { name: 'from the scrapes', of: scrapedIncrease },
        { name: 'really', role: 'expected', of: trueIncrease },
      ],
    }),
    table(
      arms.flatMap(({ name, observations }) =>
        observations.counts.map((one) => ({ name, ...one })),
      ),
      {
        id: 'counters',
        title: 'The counter in each cache, at the end',
        caption: 'Raised by incr, which is one step inside its process, and no more than that.',
        columns: [
          ['arm', ({ name }) => name],
          ['worker', ({ slot }) => slot, 'count'],
          ['visits that it answered', ({ visits }) => visits, 'count'],
          ['its counter', ({ counter }) => counter, 'count'],
        ],
      },
    ),
  ],
};

const trueIncrease = ({ observations: { scrapes } }: SeenArm<Seen>) =>
  increaseOf(scrapes.map(({ visitsInAll }) => visitsInAll));
const scrapedIncrease = ({ observations: { scrapes } }: SeenArm<Seen>) =>
  increaseOf(scrapes.map(({ value }) => value));

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
