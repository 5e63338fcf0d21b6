import { count, counted, percent } from '../../reports/record/format.ts';
import type { Phase } from '../../reports/record/schema.ts';
import { hitRateOf, missesOf, sum } from '../../reports/record/tally.ts';
import { planArm, slotsOf } from '../kit/arms.ts';
import type { Held, Scenario, SeenArm } from '../kit/contract.ts';
import { bars, sideBySide } from '../kit/exhibits.ts';
import { missesOfPhase } from '../kit/finding.ts';
import { everythingFits, NO_LIMITS, randomKeys, refuseWhen } from '../kit/options.ts';
import { type Joined, keysOwned, missesAfterJoin, missesAfterLoss } from '../theory/by-key.ts';
import { measureServers, type Seen } from './protocol.ts';

/** More processes than this say more about the machine than about caches. */
const MOST_WORKERS = 8;

/** A warm server, and a second one that joins it: by turns, and then by key. */
export const twoServers: Scenario<Seen> = {
  name: 'two-servers',
  question: 'A second server joins a warm one. What does the balancer make of their caches?',
  claims: ['C5'],
  seconds: 6,
  // It counts misses; what each of them costs is another scenario's subject.
  originOrders: 5_000,
  defaults: { workers: [2], requests: 1_000 },
  quick: { workers: [1], requests: 400, keys: 60, connections: 10 },
  unused: {
    ...NO_LIMITS,
    originDelayMillis:
      'two requests that wait for the same key would both miss and blur the count.',
  },

  refuse: (options) => [
    refuseWhen(
      options.workers.length > 1 || options.workers[0]! > MOST_WORKERS,
      'workers',
      `it is the number for each of two servers; give one number up to ${MOST_WORKERS}`,
    ),
    refuseWhen(
      options.routing === 'fresh',
      'routing',
      'clients connect to the balancer, which keeps its own connections to the servers',
    ),
    randomKeys(options),
    everythingFits(options),
  ],

  arms(options) {
    const [workers] = options.workers as [number];
    const two = { workers: 2 * workers, servers: 2 };
    const turns = { name: '2 servers by turns', ...two, routing: 'keep-alive' } as const;
    return [
      planArm(options, { name: '1 server', workers, routing: 'keep-alive' }),
      // Asked for by key, the turns are left out.
      ...(options.routing === 'by-key' ? [] : [planArm(options, turns)]),
      planArm(options, { name: '2 servers by key', ...two, routing: 'by-key' }),
    ];
  },

  measure: measureServers,

  findings(arm) {
    const claim = arm.workers > 1 ? 'C5' : null;
    const [before, after] = arm.phases.slice(0, 2).map((phase) => {
      return { ...missesOfPhase(phase, `${arm.name}, ${phase.name}: misses`), claim };
    }) as [Held, Held];
    if (!isByKey(arm)) return [before, after];
    const { loss } = arm.observations;
    return [
      before,
      { ...after, expected: missesAfterJoin(joinedIn(arm)) },
      loss && {
        claim: null,
        what: `${arm.name}: misses from the loss of a worker on`,
        unit: 'misses',
        expected: missesAfterLoss(joinedIn(arm), {
          ...{ lost: loss.slot, until: loss.until, away: loss.away },
          since: loss.requests - loss.until - loss.away,
        }),
        measured: missesSinceLoss(arm),
      },
    ];
  },

  sentence(arms) {
    const turns = arms.find((arm) => arm.servers === 2 && !isByKey(arm));
    const byKey = arms.find(isByKey);
    const parts: string[] = [];
    if (turns) {
      const joining = turns.phases[1]!;
      parts.push(
        `When a second server joined a warm one by turns, the warm one hit ${percent(rateOfServer(turns, 1))} and the cold one ${percent(rateOfServer(turns, 2))}, with ${count(missesOf(joining.totals))} misses.`,
      );
    }
    if (byKey) {
      const moved = missesOf(byKey.phases[1]!.totals);
      parts.push(
        `By key, moving the keys cost ${counted(moved, 'miss', 'misses')}${lossWords(byKey)}.`,
      );
    }
    return parts.length === 0 ? null : parts.join(' ');
  },

  headline(arms) {
    const turns = arms.find((arm) => arm.servers === 2 && !isByKey(arm));
    if (!turns) return null;
    const server = (number: 1 | 2, name: string) => ({ name, rate: rateOfServer(turns, number) });
    return sideBySide(server(1, 'the warm server'), server(2, 'the one that joined by turns'), [
      ['hit rate with both servers', ({ rate }) => rate, 'percent'],
    ]);
  },

  exhibits(arms) {
    const longest = arms.reduce((a, b) => (b.phases.length > a.phases.length ? b : a));
    const steps = longest.phases.map(({ name }, index) => ({ name, index }));
    return [
      bars(steps, {
        id: 'phases',
        title: 'Hit rate, phase by phase',
        caption:
          'Every arm gets the same stream of keys. The second server joins in the second phase.',
        y: { label: 'hit rate', format: 'percent' },
        series: arms.map(({ name, phases }) => ({
          name,
          of: ({ index }) => phases[index]?.totals.hitRate ?? null,
        })),
      }),
      bars(
        arms.filter(({ servers }) => servers === 2),
        {
          id: 'servers',
          title: 'The warm server and the one that joined it',
          caption: 'Hit rate of each server once both are there.',
          y: { label: 'hit rate', format: 'percent' },
          series: [
            { name: 'the first server', of: (arm) => rateOfServer(arm, 1) },
            { name: 'the one that joined', of: (arm) => rateOfServer(arm, 2) },
          ],
        },
      ),
    ];
  },
};

type Measured = SeenArm<Seen>;

const isByKey = ({ routing }: Pick<Measured, 'routing'>) => routing === 'by-key';
/** After the loss, until its successor is as warm as the phase is long. */
const missesSinceLoss = ({ phases }: Measured) =>
  sum(phases.slice(2).map(({ totals }) => missesOf(totals)));

/** The first server alone, and then both, as theory wants to know it. */
function joinedIn(arm: Measured): Joined {
  const slots = slotsOf(arm);
  const [before, after] = arm.phases as [Phase, Phase];
  return {
    keys: arm.workload,
    slotsBefore: slots.slice(0, arm.workers / 2),
    slots,
    requestsBefore: before.totals.requests,
    requests: after.totals.requests,
  };
}

function lossWords(arm: Measured): string {
  const { loss } = arm.observations;
  if (!loss) return '';
  const { keys } = arm.workload;
  const owned = keysOwned(keys, slotsOf(arm), loss.slot);
  return `; losing one worker of ${arm.workers} cost ${count(missesSinceLoss(arm))} misses, over its ${count(owned)} of ${count(keys)} keys`;
}

/** Hits per lookup of one of two servers while both are there; `null` when nobody asked it. */
function rateOfServer({ workers, phases }: Measured, server: 1 | 2): number | null {
  const own = phases[1]!.workers.filter(({ slot }) => slot > workers / 2 === (server === 2));
  const misses = { cold: sum(own.map(missesOf)), expired: 0, evicted: 0 };
  return hitRateOf({ hits: sum(own.map(({ hits }) => hits)), misses });
}
