import { count, counted, percent } from '../../reports/record/format.ts';
import type { Exhibit, Phase } from '../../reports/record/schema.ts';
import { nameOf, planArm } from '../kit/arms.ts';
import type { ArmPlan, Scenario, ScenarioOptions, SeenArm } from '../kit/contract.ts';
import { bars, sideBySide, table } from '../kit/exhibits.ts';
import { missesOfPhase } from '../kit/finding.ts';
import { atLeast, randomKeys, severalWorkers } from '../kit/options.ts';
import { exactly } from '../theory/estimate.ts';
import {
  isChance,
  mostByChance,
  type Spread,
  shares,
  spreadFinding,
  spreadInWords,
  spreadOf,
} from './spread.ts';

/** The busiest workers, whose shares are drawn. */
const PLACES = ['busiest', '2nd', '3rd', '4th', '5th', '6th', '7th', '8th'];

/** The same traffic over few connections, many, and a fresh one each time. */
export const keepAlive: Scenario = {
  name: 'keep-alive',
  question:
    'The same requests over one connection, over many, over a new one each: which workers answer?',
  claims: ['C15', 'C14'],
  seconds: 11,
  originOrders: 20_000,
  defaults: { requests: 1_200 },
  quick: { workers: [2], connections: 12, requests: 400, keys: 60 },
  unused: {
    routing: 'it compares them.',
    ratePerSecond: 'it is about which worker answers, not how fast.',
    rounds: 'use --seed for other keys.',
  },

  refuse: (options) => [
    severalWorkers(options, 'with one worker there is no choice'),
    atLeast(options, 'connections', 4, 'it has arms with 1 and 3 already'),
    randomKeys(options),
  ],

  arms: (options) =>
    options.workers.flatMap((workers) =>
      waysToConnect(options).map((way) => armOf(options, { workers, ...way })),
    ),

  measure: (lab) => lab.phase('traffic', (phase) => phase.traffic()).then(() => ({})),

  findings: (arm) => [
    missesOfPhase(arm.phases[0]!, `misses, ${arm.name}`),
    arm.connections > 1
      ? null
      : {
          claim: 'C14',
          what: `workers that got any request, ${arm.name}`,
          unit: 'workers',
          expected: exactly(1, 'a keep-alive connection stays with its worker'),
          measured: asked(arm.phases[0]!).length,
        },
    spreadFinding(arm),
  ],

  sentence(arms) {
    const single = arms.find((arm) => arm.connections === 1);
    const [fresh, ...others] = arms.filter((arm) => arm.routing === 'fresh');
    const kernel = others.filter(
      ({ scheduling, workers }) => scheduling === 'none' && workers === fresh!.workers,
    );
    const many = arms.find((arm) => arm.routing === 'keep-alive' && arm.connections > 3);
    if (!single || !fresh || !many) return null;
    const [one, last, most] = [single, fresh, many].map((arm) => arm.phases[0]!);
    const rate = (phase: Phase) => percent(phase.totals.hitRate);
    const workers = (phase: Phase) => counted(asked(phase).length, 'worker');
    return (
      `Over one connection ${workers(one!)} of ${single.workers} answered all ${count(one!.totals.requests)} requests, ` +
      `with a hit rate of ${rate(one!)}, as if there were no other caches. Over ${many.connections} connections it was ${rate(most!)} ` +
      `from ${workers(most!)}, and with a fresh connection for each request ${rate(last!)} from ${workers(last!)}.${spreadInWords([fresh, ...kernel])}`
    );
  },

  headline(arms) {
    const single = arms.find((arm) => arm.connections === 1);
    const fresh = arms.find((arm) => arm.routing === 'fresh');
    if (!single || !fresh) return null;
    return sideBySide(single, fresh, [
      ['workers that answered', ({ phases }) => asked(phases[0]!).length],
      ['hit rate', ({ phases }) => phases[0]!.totals.hitRate, 'percent'],
    ]);
  },

  exhibits(arms) {
    const spreads = new Map(arms.map((arm) => [arm, spreadOf(arm)]));
    return [
      bars(arms, {
        id: 'share-of-requests',
        title: 'Share of the requests by worker, the busiest first',
        caption:
          'All requests on a keep-alive connection go to one worker. Hatched: the busiest worker’s average share if each connection went to a random worker.',
        y: { label: 'share of the requests', format: 'percent' },
        series: [
          ...PLACES.slice(0, Math.max(...arms.map(({ workers }) => workers))).map((name, at) => ({
            name: `${name} worker`,
            of: (arm: SeenArm<unknown>) => shares(arm.phases[0]!)[at] ?? null,
          })),
          {
            ...{ name: 'busiest by chance', role: 'expected' },
            of: (arm) => spreads.get(arm)?.byChance.value ?? null,
          },
        ],
      }),
      spreadTable(spreads),
    ];
  },
};

/** Over few connections, many, and a fresh one each; then the kernel chooses, which pm2 cannot let it. */
function waysToConnect({ launchers, connections }: ScenarioOptions): Partial<ArmPlan>[] {
  const many: Partial<ArmPlan>[] = [{ connections }, { routing: 'fresh' }];
  const left = launchers[0] === 'cluster' ? many : [];
  return [
    ...[{ connections: 1 }, { connections: 3 }, ...many],
    ...left.map((way): Partial<ArmPlan> => ({ ...way, scheduling: 'none' })),
  ];
}

/** An arm, named after the way. */
function armOf(
  options: ScenarioOptions,
  given: Partial<ArmPlan> & Pick<ArmPlan, 'workers'>,
): ArmPlan {
  const arm = planArm(options, { routing: 'keep-alive', ...given });
  const how = arm.routing === 'fresh' ? 'a fresh one each' : nameOf(arm.connections, 'connection');
  const kernel = arm.scheduling === 'none' ? ', the kernel chooses' : '';
  const fleet = options.workers.length > 1 ? `, ${arm.name}` : '';
  return { ...arm, name: `${how}${kernel}${fleet}` };
}

const asked = ({ workers }: Phase) => workers.filter(({ requests }) => requests > 0);

/** How far from even it was, and whether chance explains it. */
function spreadTable(spreads: ReadonlyMap<SeenArm<unknown>, Spread | null>): Exhibit {
  const told = [...spreads].flatMap(([{ name }, spread]) => (spread ? [{ name, spread }] : []));
  return table(told, {
    id: 'spread',
    title: 'The busiest worker, and what chance explains',
    caption:
      'Each choice of a worker counts once: for a keep-alive connection, however many requests it carries, or for a fresh one, which carries one.',
    columns: [
      ['arm', ({ name }) => name],
      ['connections handed out', ({ spread }) => spread.choices, 'count'],
      ["the busiest worker's share", ({ spread }) => spread.busiest, 'percent'],
      ['by chance, on average', ({ spread }) => spread.byChance.value, 'percent'],
      ['by chance, at most', ({ spread }) => mostByChance(spread), 'percent'],
      ['explained by chance', ({ spread }) => isChance(spread)],
    ],
  });
}
