import { count, inWords } from '../../reports/record/format.ts';
import { planArm } from '../kit/arms.ts';
import type { Scenario } from '../kit/contract.ts';
import { bars } from '../kit/exhibits.ts';
import { finding } from '../kit/finding.ts';
import { atLeast, everythingFits, nothingExpires } from '../kit/refusals.ts';
import { localMemoryOnly, noPopularity, noRounds } from '../kit/unused.ts';
import { exactly } from '../theory/estimate.ts';
import { type Asked, AskedWatch, factorOf, firstMicros, laterMicros, medianOf } from './asked.ts';

/** Turns that are drawn; later ones look the same. */
const MOST_TURNS = 20;

/** One worker, each key several times: what the first request pays for the others. */
export const firstRequest: Scenario<{ readonly asked: Asked }> = {
  name: 'first-request',
  question: 'What does a cache save, and who pays for it?',
  claims: ['C1', 'C2', 'C13'],
  seconds: 2,
  defaults: { workers: [1], keys: 50, requests: 500, connections: 1, popularity: 'cyclic' },
  quick: { keys: 20, requests: 100 },
  unused: {
    workers: 'it looks at one worker; see hit-rate for more.',
    connections: 'requests come one after the other, so that none waits for another.',
    routing: 'there is one worker and one connection.',
    ratePerSecond: 'the next request waits for the answer to the last.',
    ...noPopularity('each key is asked for in turn, equally often'),
    ...localMemoryOnly(),
    ...noRounds(),
  },

  refuse: (options) => [
    atLeast(options, 'requests', 2 * options.keys, 'each key is asked for twice or more'),
    everythingFits(options),
    nothingExpires(options, 60),
  ],

  arms: (options) => [planArm(options, { workers: 1, connections: 1 })],

  async measure(lab) {
    const watch = new AskedWatch();
    await lab.phase('each key in turn', (phase) => phase.traffic({ onResponse: watch.see }));
    return { asked: watch.asked };
  },

  findings({ workload: { keys }, phases, observations: { asked } }) {
    const { totals } = phases[0]!;
    const later = laterMicros(asked) ?? Infinity;
    const slower = asked.latencyMicros.filter((micros, i) => asked.nth[i] === 1 && micros > later);
    return [
      finding({
        claim: 'C1',
        what: 'queries that reached the database',
        unit: 'queries',
        expected: exactly(keys, 'one for each key: what was read once is kept'),
        measured: totals.originQueries,
      }),
      finding({
        claim: 'C1',
        what: 'later requests that were answered from the cache',
        unit: 'requests',
        expected: exactly(totals.requests - keys, 'every request but the first for its key'),
        measured: totals.hits,
      }),
      finding({
        claim: 'C1',
        what: 'first requests that took longer than the median later one',
        unit: 'requests',
        expected: exactly(keys, 'each waits for the database, which the later ones do not'),
        measured: slower.length,
      }),
      finding({
        claim: 'C2',
        what: 'entries in the memory of the worker at the end',
        unit: 'entries',
        expected: exactly(keys, 'one for each key, in the process itself'),
        measured: totals.entries,
      }),
      finding({
        claim: 'C13',
        what: 'how many times longer the median first request took than the median later one',
        unit: 'times',
        expected: null,
        measured: factorOf(asked),
      }),
    ];
  },

  sentence([arm]) {
    const { workload, phases, observations } = arm!;
    const { asked } = observations;
    const { requests, originQueries } = phases[0]!.totals;
    const inDatabase = medianOf(asked, 'originMicros', (nth) => nth === 1);
    return (
      `The first request for a key took ${inWords(firstMicros(asked), 'micros')}, ` +
      `${inWords(inDatabase, 'micros')} of it in the database; every later one ${inWords(laterMicros(asked), 'micros')}, ` +
      `${inWords(factorOf(asked), 'count')} times less. ${count(requests)} requests for ${count(workload.keys)} keys cost ` +
      `${count(originQueries)} queries.`
    );
  },

  exhibits([arm]) {
    const { asked } = arm!.observations;
    const turns = [...new Set(asked.nth)]
      .slice(0, MOST_TURNS)
      .map((nth) => ({ name: `${nth}.`, nth }));
    const medianAt = (column: 'latencyMicros' | 'originMicros') => (turn: { nth: number }) =>
      medianOf(asked, column, (nth) => nth === turn.nth);
    return [
      bars(turns, {
        id: 'time-by-turn',
        title: 'Time of the first request for a key, the second, the third …',
        caption: `Medians over ${count(arm!.workload.keys)} keys, seen by the client. Only the first one waits for the database.`,
        y: { label: 'median time', format: 'micros' },
        series: [
          { name: 'whole request', of: medianAt('latencyMicros') },
          { name: 'of it in the database', of: medianAt('originMicros') },
        ],
      }),
    ];
  },
};
