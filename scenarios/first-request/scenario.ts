import { count, inWords } from '../../reports/record/format.ts';
import { median } from '../../reports/record/tally.ts';
import { BACKENDS } from '../../reports/record/vocabulary.ts';
import { planArm } from '../kit/arms.ts';
import type { Scenario, TrafficResponse } from '../kit/contract.ts';
import { bars, sideBySide } from '../kit/exhibits.ts';
import { atLeast, everythingFits, noPopularity, nothingExpires } from '../kit/options.ts';
import { serverMicros } from '../kit/protocol.ts';
import { byConstruction, exactly } from '../theory/estimate.ts';

/** Turns that are drawn; later ones look the same. */
const MOST_TURNS = 20;

/** Every request's place in the sequence of requests for its key, and what it took; columns of equal length. */
interface Asked {
  /** 1: the key was never asked for before. */
  readonly nth: number[];
  readonly latencyMicros: number[];
  /** Time in the database, as the worker told it; 0 where it was not asked. */
  readonly originMicros: number[];
}

/** One worker, each key several times: what the first request pays for the others. */
export const firstRequest: Scenario<{ readonly asked: Asked }> = {
  name: 'first-request',
  question: 'What does a cache save, and who pays for it?',
  claims: ['C1', 'C2', 'C13'],
  seconds: 2,
  defaults: { workers: [1], keys: 50, requests: 500, connections: 1, popularity: 'cyclic' },
  quick: { keys: 40, requests: 160 },
  unused: {
    workers: 'it looks at one worker; see hit-rate for more.',
    connections: 'requests come one after the other, so that none waits for another.',
    routing: 'there is one worker and one connection.',
    ratePerSecond: 'the next request waits for the answer to the last.',
    ...noPopularity('it requests each key in turn, equally often'),
  },

  refuse: (options) => [
    atLeast(options, 'requests', 2 * options.keys, 'each key needs two or more requests'),
    everythingFits(options),
    nothingExpires(options, 60),
  ],

  arms: (options) => [planArm(options, { workers: 1, connections: 1 })],

  async measure(lab) {
    const asked: Asked = { nth: [], latencyMicros: [], originMicros: [] };
    const times = new Map<number, number>();
    const onResponse = ({ key, latencyMicros, headers }: TrafficResponse) => {
      const nth = (times.get(key) ?? 0) + 1;
      times.set(key, nth);
      asked.nth.push(nth);
      asked.latencyMicros.push(Math.round(latencyMicros));
      asked.originMicros.push(Math.round(serverMicros(headers, 'origin') ?? 0));
    };
    await lab.phase('each key in turn', (phase) => phase.traffic({ onResponse }));
    return { asked };
  },

  findings({ workload: { keys }, backend, phases, observations: { asked } }) {
    const { totals } = phases[0]!;
    const { first, later, times } = waitsOf(asked);
    return [
      {
        what: 'queries that reached the database',
        unit: 'queries',
        expected: exactly(keys, 'one for each key: the cache keeps what it has read'),
        measured: totals.originQueries,
      },
      {
        what: 'later requests that were answered from the cache',
        unit: 'requests',
        expected: exactly(totals.requests - keys, 'every request but the first for its key'),
        measured: totals.hits,
      },
      {
        what: 'first requests that waited for the database',
        unit: 'requests',
        expected: exactly(keys, 'no request for the key came before'),
        measured: waited(first.originMicros),
      },
      {
        what: 'later requests that waited for the database',
        unit: 'requests',
        expected: exactly(0, 'the process holds the answer'),
        measured: waited(asked.originMicros) - waited(first.originMicros),
      },
      {
        what: 'median time of a later request',
        unit: 'µs',
        expected: null,
        measured: later,
      },
      {
        what: 'how many times longer the median first request took than the median later one',
        unit: 'times',
        expected: null,
        measured: times,
      },
      {
        claim: 'C2',
        what: 'entries in the memory of the worker at the end',
        unit: 'entries',
        expected: byConstruction(keys, 'one for each key, in the process itself'),
        measured: totals.entries,
      },
      {
        claim: 'C13',
        what: 'services needed beside the server',
        unit: 'services',
        expected: byConstruction(0, 'a dictionary in the process needs none'),
        measured: BACKENDS[backend].service === null ? 0 : 1,
      },
    ];
  },

  sentence([arm]) {
    const { workload, phases, observations } = arm!;
    const { requests, originQueries } = phases[0]!.totals;
    const { first, later } = waitsOf(observations.asked);
    return (
      `The first request for a key took ${inWords(median(first.latencyMicros), 'micros')}, ` +
      `${inWords(median(first.originMicros), 'micros')} of it in the database (medians); a later one ${inWords(later, 'micros')}. ` +
      `${count(requests)} requests for ${count(workload.keys)} keys cost ` +
      `${count(originQueries)} queries.`
    );
  },

  headline([arm]) {
    const { first, later } = waitsOf(arm!.observations.asked);
    const waits = { name: 'first request', micros: median(first.latencyMicros) };
    return sideBySide(waits, { name: 'every later one', micros: later }, [
      ['median time of a request', ({ micros }) => micros, 'micros'],
    ]);
  },

  exhibits: ([arm]) => [
    bars(turnsOf(arm!.observations.asked).slice(0, MOST_TURNS), {
      id: 'time-by-turn',
      title: 'Time of the first request for a key, the second, the third …',
      caption: `Medians over ${count(arm!.workload.keys)} keys, seen by the client. Only the first one waits for the database.`,
      y: { label: 'median time', format: 'micros' },
      series: [
        { name: 'whole request', of: ({ latencyMicros }) => median(latencyMicros) },
        { name: 'of it in the database', of: ({ originMicros }) => median(originMicros) },
      ],
    }),
  ],
};

const waited = (originMicros: readonly number[]) =>
  originMicros.filter((micros) => micros > 0).length;

/** The first requests for each key together, the second ones, the third … */
function turnsOf({ nth, latencyMicros, originMicros }: Asked) {
  return [...Map.groupBy(nth.keys(), (i) => nth[i]!)].map(([turn, places]) => ({
    name: `${turn}.`,
    latencyMicros: places.map((i) => latencyMicros[i]!),
    originMicros: places.map((i) => originMicros[i]!),
  }));
}

/** The first requests, the median wait of all others, and how many times longer the first took. */
function waitsOf(asked: Asked) {
  const [first, ...others] = turnsOf(asked);
  const later = median(others.flatMap(({ latencyMicros }) => latencyMicros));
  const times = later ? median(first!.latencyMicros)! / later : null;
  return { first: first!, later, times };
}
