import type { Arm, Exhibit, Finding } from '../../reports/record/schema.ts';
import { type ArmPlan, planArm, type Scenario, type ScenarioOptions } from '../kit/contract.ts';
import { conclude, count, counted, exactly, finding, percent } from '../kit/finding.ts';

/** From one client to many; the last one is what the person gave. */
const FEW_CONNECTIONS = [1, 3];

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
    backends: 'it is about the cache in the memory of each worker.',
    rounds: 'use --seed for other keys.',
  },

  refuse({ workers, connections, popularity }) {
    const cannot = 'cannot be used with --scenario keep-alive';
    if (workers.includes(1))
      return `--workers 1 ${cannot}: with one worker it makes no difference who answers; 2 or more.`;
    const most = Math.max(...FEW_CONNECTIONS);
    if (connections <= most)
      return `--connections ${connections} ${cannot}: it has arms with ${FEW_CONNECTIONS.join(' and ')} already, so ${most + 1} or more.`;
    if (popularity === 'cyclic')
      return `--popularity cyclic ${cannot}: it falls in step with the routing.`;
    return null;
  },

  arms(options) {
    return options.workers.flatMap((workers) => [
      ...[...FEW_CONNECTIONS, options.connections].map((connections) =>
        armOf(options, { workers, connections, routing: 'keep-alive' }),
      ),
      armOf(options, { workers, connections: options.connections, routing: 'fresh' }),
      ...unscheduled(options, workers),
    ]);
  },

  async measure(lab) {
    await lab.phase('traffic', (phase) => phase.traffic());
  },

  judge(arms) {
    return {
      verdict: conclude(sentence(arms), arms.flatMap(findings)),
      exhibits: arms.length === 0 ? [] : [shares(arms), table(arms)],
    };
  },
};

/** node:cluster can leave the choice to the kernel; pm2 cannot. */
function unscheduled(options: ScenarioOptions, workers: number): ArmPlan[] {
  if (options.launcher !== 'cluster') return [];
  const { connections } = options;
  return (['keep-alive', 'fresh'] as const).map((routing) =>
    armOf(options, { workers, connections, routing, scheduling: 'none' }),
  );
}

function armOf(
  options: ScenarioOptions,
  arm: Pick<ArmPlan, 'workers' | 'connections' | 'routing' | 'scheduling'>,
): ArmPlan {
  const how = arm.routing === 'fresh' ? 'a fresh one each' : counted(arm.connections, 'connection');
  const fleet = options.workers.length > 1 ? `, ${arm.workers} workers` : '';
  const kernel = arm.scheduling === 'none' ? ', the kernel chooses' : '';
  return planArm(options, { name: `${how}${kernel}${fleet}`, ...arm });
}

function findings(arm: Arm): Finding[] {
  const phase = arm.phases[0];
  if (!phase) return [];
  const found = [
    finding(
      {
        claim: 'C15',
        what: `misses, ${arm.name}`,
        unit: 'misses',
        expected: phase.expected?.misses ?? null,
        measured: phase.totals.requests - phase.totals.hits,
      },
      1,
    ),
  ];
  if (arm.routing === 'keep-alive' && arm.connections === 1) {
    found.push(
      finding({
        claim: 'C14',
        what: `workers that were asked at all, ${arm.name}`,
        unit: 'workers',
        expected: exactly(1, 'a connection that is kept alive stays with its worker'),
        measured: askedWorkers(arm),
      }),
    );
  }
  return found;
}

function sentence(arms: readonly Arm[]): string {
  const single = arms.find((arm) => arm.connections === 1);
  const fresh = arms.find((arm) => arm.routing === 'fresh');
  const many = arms.find((arm) => arm.routing === 'keep-alive' && arm.connections > 3);
  if (!single || !fresh || !many) return 'Nothing was measured.';
  const rate = (arm: Arm) => percent(arm.phases[0]?.totals.hitRate);
  return (
    `Over one connection ${counted(askedWorkers(single), 'worker')} of ${single.workers} answered all ${count(single.phases[0]?.totals.requests ?? 0)} requests, ` +
    `with a hit rate of ${rate(single)}: nothing to be seen of the other caches. Over ${many.connections} connections it was ${rate(many)} ` +
    `from ${counted(askedWorkers(many), 'worker')}, and with a fresh connection for each request ${rate(fresh)} from ${counted(askedWorkers(fresh), 'worker')}.`
  );
}

/** Each worker's share of the requests, busiest first, arm by arm. */
function shares(arms: readonly Arm[]): Exhibit {
  const most = Math.max(...arms.map(({ workers }) => workers));
  const sorted = arms.map((arm) =>
    (arm.phases[0]?.workers ?? []).map(({ requests }) => requests).sort((a, b) => b - a),
  );
  return {
    kind: 'bars',
    id: 'share-of-requests',
    title: 'Who answered: share of the requests by worker, the busiest first',
    caption:
      'node:cluster hands out connections, not requests. What comes over a connection that is kept alive goes to one worker. Left to the kernel, the shares are uneven, and others in every run.',
    categories: arms.map(({ name }) => name),
    y: { label: 'share of the requests', unit: '%' },
    series: Array.from({ length: Math.min(most, 8) }, (_, place) => ({
      name: place === 0 ? 'busiest worker' : `${ordinal(place + 1)} worker`,
      role: 'measured' as const,
      values: sorted.map((requests) => {
        const all = requests.reduce((a, b) => a + b, 0);
        const own = requests[place];
        return own === undefined || all === 0 ? null : Number(((100 * own) / all).toFixed(1));
      }),
    })),
  };
}

function table(arms: readonly Arm[]): Exhibit {
  return {
    kind: 'table',
    id: 'connections-and-hit-rates',
    title: 'Connections, requests and hit rate of each worker',
    caption: 'A worker that nobody asked has no hit rate: it is unknown, not zero.',
    columns: ['arm', 'worker', 'connections', 'requests', 'hit rate, %', 'misses'],
    rows: arms.flatMap((arm) =>
      (arm.phases[0]?.workers ?? []).map((worker) => [
        arm.name,
        worker.slot,
        worker.connections,
        worker.requests,
        worker.hitRate === null ? null : Number((100 * worker.hitRate).toFixed(1)),
        worker.requests - worker.hits,
      ]),
    ),
  };
}

function ordinal(place: number): string {
  return ['1st', '2nd', '3rd'][place - 1] ?? `${place}th`;
}

function askedWorkers(arm: Arm): number {
  return (arm.phases[0]?.workers ?? []).filter(({ requests }) => requests > 0).length;
}
