import { count, counted, formatValue } from '../../reports/record/format.ts';
import { median } from '../../reports/record/tally.ts';
import { planArms, slotsOf } from '../kit/arms.ts';
import type { LabResponse, Scenario } from '../kit/contract.ts';
import { type Step, sideBySide, strip } from '../kit/exhibits.ts';
import {
  atLeast,
  noPopularity,
  noTraffic,
  nothingExpires,
  severalWorkers,
} from '../kit/options.ts';
import { pageName, pageOf } from '../kit/protocol.ts';
import { exactly } from '../theory/estimate.ts';

/** The user of the articles; the workload counts its keys from 0. */
const KEY = 122;
const ROUNDS = 3;

/** What one question brought, and who held the entry after it. */
interface Asked extends Pick<LabResponse, 'slot' | 'outcome' | 'latencyMicros'> {
  /** Slots, ascending. */
  readonly holders: number[];
}

/** The articles' own example: each worker in turn is asked for the same user. */
export const user123: Scenario<{ readonly steps: readonly Asked[] }> = {
  name: 'user-123',
  question: 'Worker 1 has cached user_123. Does worker 2 know it?',
  claims: ['C6', 'C14'],
  seconds: 2,
  quick: { workers: [3] },
  unused: {
    ...noTraffic(`each worker is asked ${ROUNDS} times on purpose, one request after the other`),
    ...noPopularity('there is only one key'),
  },

  refuse: (options) => [
    severalWorkers(options, 'it takes two to disagree'),
    atLeast(options, 'keys', KEY + 1, 'there would be no user 123'),
    nothingExpires(options, 10),
  ],

  arms: (options) => planArms(options, { routing: 'fresh', connections: 1 }),

  measure: (lab) =>
    lab.phase('each worker in turn', async (phase) => {
      const steps: Asked[] = [];
      for (let round = 1; round <= ROUNDS; round++) {
        for (const slot of slotsOf(lab.plan)) {
          const { outcome, latencyMicros } = await phase.ask(slot, pageOf(KEY));
          const held = await phase.holdings();
          const holders = held.filter(({ keys }) => keys?.includes(`:1:${pageName(KEY)}`));
          steps.push({ slot, outcome, latencyMicros, holders: holders.map(({ slot }) => slot) });
        }
      }
      return { steps };
    }),

  findings({ name, workers, observations: { steps }, phases }) {
    const [first, later] = [steps.slice(0, workers), steps.slice(workers)];
    const each = exactly(
      workers,
      'each process has its own dictionary: one first time for each worker',
    );
    return [
      {
        what: `workers whose first answer for user_123 was a miss, with ${name}`,
        unit: 'workers',
        expected: each,
        measured: first.filter(isMiss).length,
      },
      {
        what: `first requests after which exactly one more worker held user_123, with ${name}`,
        unit: 'requests',
        expected: each,
        measured: first.filter(({ holders }, index) => holders.length === index + 1).length,
      },
      {
        claim: 'C14',
        what: `hits among the later requests, with ${name}`,
        unit: 'hits',
        expected: exactly(later.length, 'a worker keeps what it has loaded'),
        measured: later.filter((step) => !isMiss(step)).length,
      },
      {
        claim: 'C14',
        what: `reads of user 123 from the database, with ${name}`,
        unit: 'queries',
        expected: each,
        measured: phases[0]!.totals.originQueries,
      },
    ];
  },

  sentence(arms) {
    const { workers, observations } = arms.at(-1)!;
    const { steps } = observations;
    const missed = steps.filter(isMiss).length;
    return (
      `Worker 1 had cached user_123; worker 2 ${isMiss(steps[1]!) ? 'did not have it' : 'had it'}. ` +
      `Of ${count(steps.length)} requests to ${counted(workers, 'worker')}, ${count(missed)} went to the database ` +
      `and ${count(steps.length - missed)} to a cache; at the end ${counted(steps.at(-1)!.holders.length, 'worker holds', 'workers hold')} the same entry.`
    );
  },

  headline(arms) {
    const { workers, observations } = arms.at(-1)!;
    const of = (name: string, steps: readonly Asked[]) => ({ name, steps });
    return sideBySide(
      of('the first request to each worker', observations.steps.slice(0, workers)),
      of('every later one', observations.steps.slice(workers)),
      [
        ['requests that went to the database', ({ steps }) => steps.filter(isMiss).length],
        [
          'median time of an answer',
          ({ steps }) => median(steps.map(({ latencyMicros }) => latencyMicros)),
          'micros',
        ],
      ],
    );
  },

  exhibits: (arms) =>
    arms.map((arm) =>
      strip(slotsOf(arm), {
        id: `user-123-${arm.workers}-workers`,
        title: `Who held user_123, request by request (${arm.name})`,
        caption:
          'Each column is one request to one worker. The first request to each worker goes to the database, whatever the others hold.',
        step: 'request',
        legend: {
          good: 'got the request and held it',
          bad: 'got the request and read it from the database',
          neutral: 'no request, holds it',
          empty: 'no request, does not hold it',
        },
        label: (slot) => `worker ${slot}`,
        steps: (slot) => arm.observations.steps.map((asked, at) => stepOf(slot, asked, at + 1)),
      }),
    ),
};

const isMiss = ({ outcome }: Asked) => outcome !== 'hit';

function stepOf(slot: number, asked: Asked, question: number): Step {
  if (asked.slot !== slot) {
    const after = `after request ${question} worker ${slot}`;
    return asked.holders.includes(slot)
      ? ['neutral', '', `${after} holds it`]
      : ['empty', '', `${after} does not hold it`];
  }
  const [who, took] = [
    `request ${question}: worker ${slot}`,
    formatValue(asked.latencyMicros, 'micros'),
  ];
  return isMiss(asked)
    ? ['bad', 'miss', `${who} did not hold it, ${took}`]
    : ['good', 'hit', `${who} held it, ${took}`];
}
