import { count, counted, percent } from '../../reports/record/format.ts';
import type { Phase } from '../../reports/record/schema.ts';
import { missesOf, sum } from '../../reports/record/tally.ts';
import { nameOf, planArm } from '../kit/arms.ts';
import type { ArmPlan, Scenario, ScenarioOptions } from '../kit/contract.ts';
import { bars, table } from '../kit/exhibits.ts';
import { finding, missesFinding } from '../kit/finding.ts';
import { atLeast, randomKeys, severalWorkers } from '../kit/refusals.ts';
import { localMemoryOnly } from '../kit/unused.ts';
import { exactly } from '../theory/estimate.ts';

/** From one client to many; the last one is what the person gave. */
const FEW_CONNECTIONS = [1, 3];
/** Workers whose shares are drawn, the busiest first. */
const MOST_SHARES = 8;
const PLACES = ['busiest', '2nd', '3rd'];

/** The same traffic over few connections, many, and a fresh one each time. */
export const keepAlive: Scenario = {
  name: 'keep-alive',
  question: 'The same requests over one connection, over many, over a new one each: who answers?',
  claims: ['C15', 'C14'],
  seconds: 11,
  originOrders: 20_000,
  defaults: { requests: 1_200 },
  quick: { workers: [2], connections: 12, requests: 400, keys: 60 },
  unused: {
    routing: 'it compares them.',
    ratePerSecond: 'it is about who answers, not how fast.',
    ...localMemoryOnly(),
    rounds: 'use --seed for other keys.',
  },

  refuse: (options) => [
    severalWorkers(options, 'with one worker it makes no difference who answers'),
    atLeast(
      options,
      'connections',
      Math.max(...FEW_CONNECTIONS) + 1,
      `it has arms with ${FEW_CONNECTIONS.join(' and ')} already`,
    ),
    randomKeys(options),
  ],

  arms(options) {
    const { connections } = options;
    return options.workers.flatMap((workers) => [
      ...[...FEW_CONNECTIONS, connections].map((connections) =>
        armOf(options, { workers, connections, routing: 'keep-alive' }),
      ),
      armOf(options, { workers, connections, routing: 'fresh' }),
      // node:cluster can leave the choice to the kernel; pm2 cannot.
      ...(options.launcher === 'cluster' ? (['keep-alive', 'fresh'] as const) : []).map((routing) =>
        armOf(options, { workers, connections, routing, scheduling: 'none' }),
      ),
    ]);
  },

  measure: (lab) => lab.phase('traffic', (phase) => phase.traffic()).then(() => ({})),

  findings({ name, connections, phases }) {
    const misses = missesFinding(phases[0]!, { claim: 'C15', what: `misses, ${name}` });
    if (connections !== 1) return [misses];
    return [
      misses,
      finding({
        claim: 'C14',
        what: `workers that were asked at all, ${name}`,
        unit: 'workers',
        expected: exactly(1, 'a connection that is kept alive stays with its worker'),
        measured: asked(phases[0]!).length,
      }),
    ];
  },

  sentence(arms) {
    const single = arms.find((arm) => arm.connections === 1);
    const fresh = arms.find((arm) => arm.routing === 'fresh');
    const many = arms.find((arm) => arm.routing === 'keep-alive' && arm.connections > 3);
    if (!single || !fresh || !many) return null;
    const [one, last, most] = [single, fresh, many].map((arm) => arm.phases[0]!);
    const rate = (phase: Phase) => percent(phase.totals.hitRate);
    const workers = (phase: Phase) => counted(asked(phase).length, 'worker');
    return (
      `Over one connection ${workers(one!)} of ${single.workers} answered all ${count(one!.totals.requests)} requests, ` +
      `with a hit rate of ${rate(one!)}: nothing to be seen of the other caches. Over ${many.connections} connections it was ${rate(most!)} ` +
      `from ${workers(most!)}, and with a fresh connection for each request ${rate(last!)} from ${workers(last!)}.`
    );
  },

  exhibits(arms) {
    const most = Math.min(MOST_SHARES, Math.max(...arms.map(({ workers }) => workers)));
    return [
      bars(arms, {
        id: 'share-of-requests',
        title: 'Who answered: share of the requests by worker, the busiest first',
        caption:
          'node:cluster hands out connections, not requests. What comes over a connection that is kept alive goes to one worker. Left to the kernel, the shares are uneven, and others in every run.',
        y: { label: 'share of the requests', format: 'percent' },
        series: Array.from({ length: most }, (_, place) => ({
          name: `${PLACES[place] ?? `${place + 1}th`} worker`,
          of: ({ phases }) => shares(phases[0]!)[place] ?? null,
        })),
      }),
      table(
        arms.flatMap(({ name, phases }) => phases[0]!.workers.map((worker) => ({ name, worker }))),
        {
          id: 'connections-and-hit-rates',
          title: 'Connections, requests and hit rate of each worker',
          caption: 'A worker that nobody asked has no hit rate: it is unknown, not zero.',
          columns: [
            ['arm', ({ name }) => name],
            ['worker', ({ worker }) => worker.slot, 'count'],
            ['connections', ({ worker }) => worker.connections, 'count'],
            ['requests', ({ worker }) => worker.requests, 'count'],
            ['hit rate', ({ worker }) => worker.hitRate, 'percent'],
            ['misses', ({ worker }) => missesOf(worker), 'count'],
          ],
        },
      ),
    ];
  },
};

function armOf(
  options: ScenarioOptions,
  arm: Pick<ArmPlan, 'workers' | 'connections' | 'routing'> & Partial<ArmPlan>,
): ArmPlan {
  const how = arm.routing === 'fresh' ? 'a fresh one each' : nameOf(arm.connections, 'connection');
  const kernel = arm.scheduling === 'none' ? ', the kernel chooses' : '';
  const fleet = options.workers.length > 1 ? `, ${nameOf(arm.workers, 'worker')}` : '';
  return planArm(options, { name: `${how}${kernel}${fleet}`, ...arm });
}

const asked = ({ workers }: Phase) => workers.filter(({ requests }) => requests > 0);

/** Each worker's share of the requests, the busiest first. */
function shares({ workers }: Phase): number[] {
  const all = sum(workers.map(({ requests }) => requests));
  return workers.map(({ requests }) => requests / all).sort((a, b) => b - a);
}
