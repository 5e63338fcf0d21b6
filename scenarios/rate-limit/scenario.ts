import { count, counted, inWords } from '../../reports/record/format.ts';
import { sum } from '../../reports/record/tally.ts';
import { LIMIT } from '../../server/protocol.ts';
import { cachesOf, eachKindOfFleet, isCured, mostTelling } from '../kit/arms.ts';
import type { Scenario, SeenArm } from '../kit/contract.ts';
import { bars, contrast, lines } from '../kit/exhibits.ts';
import {
  atLeast,
  moreThanTheBaseline,
  NO_LIMITS,
  noUserPages,
  usableBackends,
} from '../kit/options.ts';
import { exactly } from '../theory/estimate.ts';
import { admitted, admittedAtMost, remainingAfter } from '../theory/routing.ts';
import { timesFallen } from '../theory/sequence.ts';
import { measureLimit, type Seen } from './protocol.ts';

/** A client that asks far more often than it may, of a fleet in which each worker counts for itself. */
export const rateLimit: Scenario<Seen> = {
  name: 'rate-limit',
  question: `A client may make ${LIMIT} requests. How many does a fleet let through?`,
  claims: ['C17'],
  seconds: 2,
  defaults: { requests: 800 },
  quick: { workers: [3], requests: 200 },
  uses: ['backends'],
  unused: {
    ...noUserPages('for a page with a limit per client'),
    ...NO_LIMITS,
    originDelayMillis: 'the page is not in the database.',
  },

  refuse(options) {
    const most = Math.max(...options.workers);
    return [
      moreThanTheBaseline(options, 'with one worker the limit holds'),
      atLeast(
        options,
        'requests',
        admittedAtMost(LIMIT, most) + 1,
        `${most} workers could let all of them through`,
      ),
      usableBackends(options),
    ];
  },

  arms: (options) => eachKindOfFleet(options, { features: ['limited'] }),

  measure: measureLimit,

  findings(arm) {
    const { name, workers, observations } = arm;
    const { limit, flood, watched } = observations;
    const claim = workers > 1 ? 'C17' : null;
    const requests = flood.map((one) => one.requests);
    const counts = watched.map(({ slot }) => (isCured(arm) ? 0 : slot));
    return [
      {
        claim,
        what: `${name}: requests of one client let through`,
        unit: 'requests',
        expected: exactly(
          admitted(limit, isCured(arm) ? [sum(requests)] : requests),
          cachesOf(arm) === 1
            ? 'the limit L'
            : 'each worker lets its first L requests through: Σ min(L, R_w), at most L · N',
        ),
        measured: servedOf(arm),
      },
      {
        claim,
        what: `${name}: times that the client was told of more requests left than before`,
        unit: 'times',
        expected: exactly(
          timesRisen(remainingAfter(limit, counts)),
          'the count of the worker that answers, which counts only its own requests',
        ),
        measured: timesRisen(watched.map(({ remaining }) => remaining)),
      },
    ];
  },

  sentence(arms) {
    const arm = mostTelling(arms)!;
    const { limit, flood, watched } = arm.observations;
    const risen = timesRisen(watched.map(({ remaining }) => remaining));
    return (
      `With a limit of ${count(limit)} for each client, ${counted(arm.workers, 'worker')} let ${count(servedOf(arm))} of ${count(sum(flood.map((one) => one.requests)))} requests ` +
      `of one client through (${inWords(servedOf(arm) / limit, 'times')} the limit), and told a client ` +
      `${counted(risen, 'time')} that it had more requests left than a moment before.`
    );
  },

  headline: (arms) =>
    contrast(arms, [
      ['requests let through', servedOf],
      ['the limit', (arm) => servedOf(arm) / arm.observations.limit, 'times'],
    ]),

  exhibits: (arms) => [
    bars(arms, {
      id: 'let-through',
      title: `Requests let through, with a limit of ${arms[0]!.observations.limit}`,
      caption: 'One client, as fast as it can. Each worker counts what it sees.',
      y: { label: 'requests let through', format: 'count' },
      series: [
        { name: 'measured', of: servedOf },
        {
          name: 'L · N',
          role: 'expected',
          of: (arm) => admittedAtMost(arm.observations.limit, cachesOf(arm)),
        },
      ],
    }),
    lines({
      id: 'remaining',
      title: 'What the client is told it has left',
      caption:
        'The header X-RateLimit-Remaining, one request after the other, each to a random worker. One worker counts down; several take turns to report their own counts.',
      x: { label: 'request', format: 'count' },
      y: { label: 'requests left', format: 'count' },
      series: arms.map(({ name, observations }) => ({
        name,
        points: observations.watched.map(({ remaining }, index) => [index + 1, remaining]),
      })),
    }),
  ],
};

const servedOf = ({ observations: { flood } }: SeenArm<Seen>) =>
  sum(flood.map(({ served }) => served));
const timesRisen = (values: readonly number[]) => timesFallen(values.toReversed());
