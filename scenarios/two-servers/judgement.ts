import type { Arm, Exhibit, Finding, Phase } from '../../reports/record/schema.ts';
import { count, finding, percent } from '../kit/finding.ts';
import { type Joined, keysOwned, missesAfterJoin, missesAfterLoss } from '../theory/by-key.ts';

/** What happened to the worker that was killed, counted in responses. */
export interface LossSeen {
  readonly slot: number;
  /** From the beginning of the phase until it was killed. */
  readonly until: number;
  /** Until its successor answered. */
  readonly away: number;
  /** In that phase and the next. */
  readonly requests: number;
}

/** What theory says of one arm, and what came of it. */
export function findingsOf(arm: Arm): Finding[] {
  const [first, second] = arm.phases;
  if (!first || !second) return [];
  const findings = [missesFinding(arm, first, first.expected?.misses ?? null)];
  if (!isByKey(arm)) {
    return [...findings, missesFinding(arm, second, second.expected?.misses ?? null)];
  }
  findings.push(missesFinding(arm, second, missesAfterJoin(joinedIn(arm))));
  const loss = arm.observations.loss as LossSeen | undefined;
  return loss ? [...findings, lossFinding(arm, loss)] : findings;
}

function missesFinding(arm: Arm, phase: Phase, expected: Finding['expected']): Finding {
  return finding({
    claim: arm.workers > 1 ? 'C5' : null,
    what: `${arm.name}, ${phase.name}: misses`,
    unit: 'misses',
    expected,
    measured: missesOf(phase),
  });
}

/** The first server alone, and then both, as theory wants to know it. */
function joinedIn(arm: Arm): Joined {
  const slots = slotsOf(arm);
  const requestsOf = (index: number) => arm.phases[index]?.totals.requests ?? 0;
  return {
    keys: keysOf(arm),
    slotsBefore: slots.slice(0, arm.workers / 2),
    slots,
    requestsBefore: requestsOf(0),
    requests: requestsOf(1),
  };
}

function lossFinding(arm: Arm, { slot, until, away, requests }: LossSeen): Finding {
  const since = requests - until - away;
  return finding({
    claim: null,
    what: `${arm.name}: misses from the loss of a worker on`,
    unit: 'misses',
    expected: missesAfterLoss(joinedIn(arm), { lost: slot, until, away, since }),
    measured: arm.phases.slice(2).reduce((sum, phase) => sum + missesOf(phase), 0),
  });
}

const isByKey = ({ routing }: Arm) => routing === 'by-key';
const slotsOf = ({ workers }: Arm) => Array.from({ length: workers }, (_, index) => index + 1);
const missesOf = ({ totals: { misses } }: Phase) => misses.cold + misses.expired + misses.evicted;

function keysOf({ workload }: Arm) {
  const popularity = workload.popularity === 'zipf' ? ('zipf' as const) : ('uniform' as const);
  return { popularity, zipf: workload.zipf, keys: workload.keys };
}

/** Hits per lookup of one of two servers; `null` when nobody asked it. */
function rateOfServer({ workers }: Arm, phase: Phase, server: 1 | 2): number | null {
  const own = phase.workers.filter(({ slot }) => slot > workers / 2 === (server === 2));
  const sum = (of: (worker: (typeof own)[number]) => number) =>
    own.reduce((total, worker) => total + of(worker), 0);
  const hits = sum((worker) => worker.hits);
  const misses = sum(({ misses: { cold, expired, evicted } }) => cold + expired + evicted);
  return hits + misses === 0 ? null : hits / (hits + misses);
}

export function sentence(arms: readonly Arm[]): string {
  const turns = arms.find((arm) => arm.workers > 1 && !isByKey(arm) && arm.name.startsWith('2'));
  const byKey = arms.find(isByKey);
  const parts: string[] = [];
  if (turns?.phases[1]) {
    const [warm, cold] = [1, 2].map((server) =>
      rateOfServer(turns, turns.phases[1]!, server as 1 | 2),
    );
    parts.push(
      `When a second server joined a warm one by turns, the warm one hit ${percent(warm)} and the cold one ${percent(cold)}, with ${count(missesOf(turns.phases[1]))} misses.`,
    );
  }
  if (byKey?.phases[1]) {
    parts.push(
      `By key, ${count(missesOf(byKey.phases[1]))} misses moved the keys once${lossWords(byKey)}.`,
    );
  }
  return parts.length === 0 ? 'Nothing was measured.' : parts.join(' ');
}

function lossWords(arm: Arm): string {
  const loss = arm.observations.loss as LossSeen | undefined;
  if (!loss) return '';
  const misses = arm.phases.slice(2).reduce((sum, phase) => sum + missesOf(phase), 0);
  const owned = keysOwned(arm.workload.keys, slotsOf(arm), loss.slot);
  return `; losing one worker of ${arm.workers} cost ${count(misses)} misses, over its ${count(owned)} of ${count(arm.workload.keys)} keys`;
}

export function exhibits(arms: readonly Arm[]): Exhibit[] {
  if (arms.length === 0) return [];
  const inPercent = (rate: number | null | undefined) =>
    rate === null || rate === undefined ? null : Number((100 * rate).toFixed(1));
  const two = arms.filter(({ name }) => name.startsWith('2'));
  const longest = arms.reduce((a, b) => (b.phases.length > a.phases.length ? b : a));
  return [
    {
      kind: 'bars',
      id: 'phases',
      title: 'Hit rate, phase by phase',
      caption:
        'The same stream of keys in every arm. The second phase is the one in which the second server joins.',
      categories: longest.phases.map((phase) => phase.name),
      y: { label: 'hit rate', unit: '%' },
      series: arms.map((arm) => ({
        name: arm.name,
        role: 'measured' as const,
        values: longest.phases.map((_, index) => inPercent(arm.phases[index]?.totals.hitRate)),
      })),
    },
    {
      kind: 'bars',
      id: 'servers',
      title: 'The warm server and the one that joined it',
      caption: 'Hit rate of each server while both are there.',
      categories: two.map((arm) => arm.name),
      y: { label: 'hit rate', unit: '%' },
      series: ([1, 2] as const).map((server) => ({
        name: server === 1 ? 'the first server' : 'the one that joined',
        role: 'measured' as const,
        values: two.map((arm) =>
          arm.phases[1] ? inPercent(rateOfServer(arm, arm.phases[1], server)) : null,
        ),
      })),
    },
  ];
}
