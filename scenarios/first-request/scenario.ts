import type { Arm, Exhibit, Finding, Phase } from '../../reports/record/schema.ts';
import { planArm, type Scenario, type TrafficResponse } from '../kit/contract.ts';
import { conclude, count, exactly, finding } from '../kit/finding.ts';

/** Every request's place in the row of requests for its key, and what it took; columns of equal length. */
interface Asked {
  /** 1: the key was never asked for before. */
  readonly nth: number[];
  readonly latencyMicros: number[];
  /** Time in the database, as the worker told it; 0 where it was not asked. */
  readonly originMicros: number[];
}

/** One worker, each key several times: what the first request pays for the others. */
export const firstRequest: Scenario = {
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
    popularity: 'each key is asked for in turn, equally often.',
    zipf: 'each key is asked for in turn, equally often.',
    backends: 'it is about the cache in the memory of the worker.',
    rounds: 'each key is a repetition already.',
  },

  refuse({ requests, keys, maxEntries, timeoutSeconds }) {
    const cannot = 'cannot be used with --scenario first-request';
    if (requests < 2 * keys)
      return `--requests ${requests} ${cannot} and --keys ${keys}: each key is asked for twice or more, so ${2 * keys} at least.`;
    if (keys > maxEntries)
      return `--keys ${keys} ${cannot} and --max-entries ${maxEntries}: entries would be evicted before they are asked for again.`;
    if (timeoutSeconds !== null && timeoutSeconds < 60)
      return `--timeout ${timeoutSeconds} ${cannot}: entries could expire before they are asked for again; 60 is enough.`;
    return null;
  },

  arms: (options) => [planArm(options, { name: '1 worker', workers: 1, connections: 1 })],

  async measure(lab) {
    const watch = new AskedWatch();
    await lab.phase('each key in turn', (phase) => phase.traffic({ onResponse: watch.see }));
    lab.observe('asked', watch.asked());
  },

  judge(arms) {
    return {
      verdict: conclude(sentence(arms), arms.flatMap(findings)),
      exhibits: arms.map(byTurn),
    };
  },
};

/** Counts how often each key was asked for, and reads the database's part from Server-Timing. */
class AskedWatch {
  readonly #times = new Map<number, number>();
  readonly #asked: Asked = { nth: [], latencyMicros: [], originMicros: [] };

  readonly see = ({ key, latencyMicros, headers }: TrafficResponse): void => {
    const nth = (this.#times.get(key) ?? 0) + 1;
    this.#times.set(key, nth);
    const origin = /origin;dur=([\d.]+)/.exec(headers['server-timing'] ?? '')?.[1];
    this.#asked.nth.push(nth);
    this.#asked.latencyMicros.push(Math.round(latencyMicros));
    this.#asked.originMicros.push(origin === undefined ? 0 : Math.round(1_000 * Number(origin)));
  };

  asked(): Asked {
    return this.#asked;
  }
}

function findings(arm: Arm): Finding[] {
  const phase = arm.phases[0];
  if (!phase) return [];
  const asked = askedOf(arm);
  const { keys } = arm.workload;
  const first = latencies(asked, (nth) => nth === 1);
  const later = latencies(asked, (nth) => nth > 1);
  return [
    finding({
      claim: 'C1',
      what: 'queries that reached the database',
      unit: 'queries',
      expected: exactly(keys, 'one for each key: what was read once is kept'),
      measured: phase.totals.originQueries,
    }),
    finding({
      claim: 'C1',
      what: 'later requests that were answered from the cache',
      unit: 'requests',
      expected: exactly(phase.totals.requests - keys, 'every request but the first for its key'),
      measured: phase.totals.hits,
    }),
    finding({
      claim: 'C1',
      what: 'first requests that took longer than the median later one',
      unit: 'requests',
      expected: exactly(keys, 'each waits for the database, which the later ones do not'),
      measured: first.filter((micros) => micros > median(later)!).length,
    }),
    finding({
      claim: 'C2',
      what: 'entries in the memory of the worker at the end',
      unit: 'entries',
      expected: exactly(keys, 'one for each key, in the process itself'),
      measured: phase.totals.entries,
    }),
    finding({
      claim: 'C13',
      what: 'how many times longer the median first request took than the median later one',
      unit: 'times',
      expected: null,
      measured: factor(asked),
    }),
  ];
}

function sentence(arms: readonly Arm[]): string {
  const arm = arms[0];
  const phase: Phase | undefined = arm?.phases[0];
  if (!arm || !phase) return 'Nothing was measured.';
  const asked = askedOf(arm);
  const origin = asked.originMicros.filter((_, i) => asked.nth[i] === 1);
  return (
    `The first request for a key took ${millis(median(latencies(asked, (nth) => nth === 1)))}, ` +
    `${millis(median(origin))} of it in the database; every later one ${millis(median(latencies(asked, (nth) => nth > 1)))}, ` +
    `${factor(asked)?.toFixed(0)} times less. ${count(phase.totals.requests)} requests for ${count(arm.workload.keys)} keys cost ` +
    `${count(phase.totals.originQueries)} queries.`
  );
}

/** The median time of the first request for a key, of the second, of the third … */
function byTurn(arm: Arm): Exhibit {
  const asked = askedOf(arm);
  const turns = Array.from({ length: Math.max(0, ...asked.nth) }, (_, i) => i + 1).slice(0, 20);
  const inMillis = (micros: number | undefined) =>
    micros === undefined ? null : Number((micros / 1_000).toFixed(3));
  return {
    kind: 'bars',
    id: 'time-by-turn',
    title: 'Time of the first request for a key, the second, the third …',
    caption: `Medians over ${count(arm.workload.keys)} keys, seen by the client. Only the first one waits for the database.`,
    categories: turns.map((turn) => `${turn}.`),
    y: { label: 'median time', unit: 'ms' },
    series: [
      {
        name: 'whole request',
        role: 'measured',
        values: turns.map((turn) => inMillis(median(latencies(asked, (nth) => nth === turn)))),
      },
      {
        name: 'of it in the database',
        role: 'measured',
        values: turns.map((turn) =>
          inMillis(median(asked.originMicros.filter((_, i) => asked.nth[i] === turn))),
        ),
      },
    ],
  };
}

function factor(asked: Asked): number | null {
  const first = median(latencies(asked, (nth) => nth === 1));
  const later = median(latencies(asked, (nth) => nth > 1));
  return first === undefined || !later ? null : first / later;
}

function latencies({ nth, latencyMicros }: Asked, wanted: (nth: number) => boolean): number[] {
  return latencyMicros.filter((_, i) => wanted(nth[i]!));
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

const millis = (micros: number | undefined) =>
  micros === undefined ? 'an unknown time' : `${(micros / 1_000).toFixed(2)} ms`;
const NOTHING: Asked = { nth: [], latencyMicros: [], originMicros: [] };
const askedOf = (arm: Arm) => (arm.observations.asked ?? NOTHING) as Asked;
