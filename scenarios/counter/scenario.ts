import { count, counted } from '../../reports/record/format.ts';
import { sum } from '../../reports/record/tally.ts';
import { cachesOf, eachKindOfFleet, isCured, mostTelling } from '../kit/arms.ts';
import type { Scenario, SeenArm } from '../kit/contract.ts';
import { bars, contrast, lines, tableByArm } from '../kit/exhibits.ts';
import {
  atLeast,
  moreThanTheBaseline,
  NO_LIMITS,
  noUserPages,
  usableBackends,
} from '../kit/options.ts';
import { exactly } from '../theory/estimate.ts';
import { increaseOf, timesFallen } from '../theory/sequence.ts';
import { measureCounters, SCRAPES, type Seen } from './protocol.ts';

/** Visits counted by `incr` in a cache and by a Prometheus counter, scraped through the shared port. */
export const counter: Scenario<Seen> = {
  name: 'counter',
  question: 'Why does the number of visits jump, and even fall?',
  claims: ['C8', 'C17'],
  seconds: 4,
  defaults: { requests: 2_400 },
  quick: { workers: [3], requests: 240, connections: 10 },
  uses: ['backends'],
  unused: {
    ...noUserPages('for counters'),
    ...NO_LIMITS,
    originDelayMillis: 'the counters are not in the database.',
    ratePerSecond: 'it scrapes after a number of visits, not of seconds.',
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

  arms: (options) => eachKindOfFleet(options, { features: ['counters'] }),

  measure: measureCounters,

  findings(arm) {
    const { name, workers } = arm;
    const { scrapes, counts } = arm.observations;
    const claim = workers > 1 ? 'C17' : null;
    const ofAll = sum(counts.map(({ visits }) => visits));
    return [
      {
        claim: workers > 1 ? 'C8' : null,
        what: isCured(arm)
          ? `${name}: workers whose cached counter shows the visits of all`
          : `${name}: workers whose cached counter shows their own visits and no others`,
        unit: 'workers',
        expected: exactly(
          workers,
          isCured(arm)
            ? 'one counter in the shared cache, raised in one step'
            : 'a counter in the memory of each process',
        ),
        measured: counts.filter(
          ({ counter, visits }) => counter === (isCured(arm) ? ofAll : visits),
        ).length,
      },
      {
        claim,
        what: `${name}: scrapes that gave the visits of the worker that happened to answer`,
        unit: 'scrapes',
        expected: exactly(scrapes.length, 'a metric in the memory of each process'),
        measured: scrapes.filter(({ value, visitsThere }) => value === visitsThere).length,
      },
      {
        claim,
        what: `${name}: times that the scraped value fell`,
        unit: 'times',
        expected: exactly(
          timesFallen(scrapes.map(({ visitsThere }) => visitsThere)),
          'the workers’ visits in the order in which they answered',
        ),
        measured: timesFallen(scrapes.map(({ value }) => value)),
      },
    ];
  },

  sentence(arms) {
    const arm = mostTelling(arms)!;
    const { scrapes, counts } = arm.observations;
    const highest = Math.max(0, ...counts.map((one) => one.counter));
    return (
      `${counted(arm.workers, 'worker')} kept ${counted(cachesOf(arm), 'counter')} in their cache: the highest showed ${count(highest)} of ` +
      `${count(scrapes.at(-1)?.visitsInAll ?? 0)} visits. Scraped through the shared port, the value fell ` +
      `${counted(timesFallen(scrapes.map(({ value }) => value)), 'time')}, and a monitoring system would report ` +
      `${count(scrapedIncrease(arm))} visits where there were ${count(trueIncrease(arm))}.`
    );
  },

  headline: (arms) =>
    contrast(arms, [
      [
        'falls of the scraped value',
        ({ observations: { scrapes } }) => timesFallen(scrapes.map(({ value }) => value)),
      ],
      ['visits reported', scrapedIncrease],
      ['actual visits', trueIncrease],
    ]),

  exhibits: (arms) => [
    lines({
      id: 'scraped',
      title: 'The scraped value against the visits',
      caption:
        'Each point is one scrape. One worker reports all visits; several take turns to report their own counts.',
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
        'What a monitoring system reports when it takes every fall for a restart, and the true number.',
      y: { label: 'visits', format: 'count' },
      series: [
        { name: 'from the scrapes', of: scrapedIncrease },
        { name: 'really', role: 'expected', of: trueIncrease },
      ],
    }),
    tableByArm(arms, ({ observations }) => observations.counts, {
      id: 'counters',
      title: 'The counter in each cache, at the end',
      caption: 'Raised by incr, which is one step inside its own process only.',
      columns: [
        ['worker', ({ slot }) => slot, 'count'],
        ['visits that it answered', ({ visits }) => visits, 'count'],
        ['its counter', ({ counter }) => counter, 'count'],
      ],
    }),
  ],
};

const trueIncrease = ({ observations: { scrapes } }: SeenArm<Seen>) =>
  increaseOf(scrapes.map(({ visitsInAll }) => visitsInAll));
const scrapedIncrease = ({ observations: { scrapes } }: SeenArm<Seen>) =>
  increaseOf(scrapes.map(({ value }) => value));
