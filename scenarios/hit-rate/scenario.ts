import { agreesWith } from '../../reports/record/estimate.ts';
import { count, counted, inWords, percent } from '../../reports/record/format.ts';
import { MEASURES } from '../../reports/record/measures.ts';
import type { Exhibit, Phase } from '../../reports/record/schema.ts';
import { median } from '../../reports/record/tally.ts';
import { cachesOf, eachKindOfFleet } from '../kit/arms.ts';
import type { Scenario, SeenArm } from '../kit/contract.ts';
import { contrast, table } from '../kit/exhibits.ts';
import { hitRateAbove, missesOfPhase } from '../kit/finding.ts';

/** The default scenario: the same traffic for one worker and for N, every cache empty at first. */
export const hitRate: Scenario = {
  name: 'hit-rate',
  question: 'What happens to the hit rate when one server becomes several processes?',
  claims: ['C4', 'C14', 'C15'],
  seconds: 4,
  quick: { workers: [4], requests: 1_000 },
  uses: ['launchers', 'backends', 'rounds'],

  arms: (options) =>
    Array.from({ length: options.rounds }, (_, index) => {
      // A round repeats the experiment, not the dice.
      const given = { round: index + 1, seed: options.seed + index };
      const suffix = options.rounds > 1 ? `, round ${index + 1}` : '';
      return eachKindOfFleet(options, given).map((arm) => ({
        ...arm,
        name: arm.name + suffix,
      }));
    }).flat(),

  measure: (lab) => lab.phase('traffic', (phase) => phase.traffic()).then(() => ({})),

  // That one worker misses each key once proves nothing about several.
  findings: (arm) => [
    {
      ...missesOfPhase(arm.phases[0]!, `misses of ${arm.name}`),
      claim: arm.workers > 1 ? 'C4' : null,
    },
    cachesOf(arm) === 1
      ? null
      : {
          claim: 'C14',
          what: `misses of ${arm.name} that another worker could have answered`,
          unit: 'misses',
          expected: null,
          measured: MEASURES.avoidableMisses.of(arm.phases[0]!),
        },
  ],

  comparisons(arms) {
    const baselines = arms.filter(({ workers, backend }) => workers === 1 && backend === 'locmem');
    const split = arms.flatMap((arm) => {
      const one = baselines.find((one) => one.round === arm.round && one.launcher === arm.launcher);
      if (!one || cachesOf(arm) === 1) return [];
      return [{ ...above(one, arm), claim: 'C15' }];
    });
    const launched = underOtherLaunchers(arms).map(([one, other]) => ({
      ...above(one, other),
      claim: null,
    }));
    return [...split, ...launched];
  },

  sentence(arms) {
    const before = arms.find(({ workers }) => workers === 1)?.phases[0];
    const most = Math.max(...arms.map(({ workers }) => workers));
    const [first, ...others] = arms.filter(({ workers, round }) => workers === most && round === 1);
    const after = first?.phases[0];
    if (!before) return null;
    if (most === 1 || !after)
      return `One worker answered ${counted(before.totals.requests, 'request')} with a hit rate of ${percent(before.totals.hitRate)}; give --workers 4 to see it split.`;
    const elsewhere = others.map((arm) => otherKind(arm, first));
    return [splitting(before, after, most), ...elsewhere, ...launchersInWords(arms)].join(' ');
  },

  headline: (arms) =>
    contrast(arms, [
      ['hit rate', ({ phases }) => phases[0]!.totals.hitRate, 'percent'],
      ['database queries', ({ phases }) => phases[0]!.totals.originQueries],
      ['copies of each page', ({ phases }) => phases[0]!.totals.duplicationFactor, 'number'],
    ]),

  exhibits: (arms) => (arms.some(({ round }) => round > 1) ? [roundsTable(arms)] : []),
};

/** What became of the hit rate, and what that cost the database. */
function splitting({ totals: one }: Phase, { totals: many }: Phase, workers: number): string {
  const [from, to] = [percent(one.hitRate), percent(many.hitRate)];
  const moved = from === to ? `stayed at ${to}` : `went from ${from} to ${to}`;
  const requests = counted(many.requests, 'request');
  const isSame = one.requests === many.requests;
  const answered = isSame
    ? `the same ${requests}`
    : `${requests} where one had ${count(one.requests)}`;
  const more = many.originQueries / one.originQueries;
  const times = one.originQueries === 0 ? '' : ` (${inWords(more, 'times')})`;
  const factor = many.duplicationFactor;
  const copies =
    factor === null || many.entries === many.uniqueEntries
      ? ''
      : ` Each cached page was in ${inWords(factor, 'number')} caches on average.`;
  return (
    `${counted(workers, 'worker')}, ${answered}: the hit rate ${moved}, and the database got ` +
    `${counted(many.originQueries, 'query', 'queries')} instead of ${count(one.originQueries)}${times}.${copies}`
  );
}

/** The same workers with another backend, or started by another launcher. */
function otherKind(arm: SeenArm<unknown>, first: SeenArm<unknown>): string {
  const { hitRate, originQueries } = arm.phases[0]!.totals;
  const how = [
    ...(arm.launcher === first.launcher ? [] : [`under ${arm.launcher}`]),
    ...(arm.backend === first.backend ? [] : [`with ${arm.backend}`]),
  ].join(' ');
  return `${how[0]!.toUpperCase()}${how.slice(1)} it was ${percent(hitRate)} and ${counted(originQueries, 'query', 'queries')}.`;
}

const above = (one: SeenArm<unknown>, other: SeenArm<unknown>) =>
  hitRateAbove(
    one.phases[0]!,
    other.phases[0]!,
    `hit rate of ${one.name} above that of ${other.name}`,
  );

/** Each arm with those that differ from it in their launcher alone, and so had the same requests. */
function underOtherLaunchers(arms: readonly SeenArm<unknown>[]) {
  const kinds = Map.groupBy(arms, ({ workers, backend, round }) =>
    [workers, backend, round].join(),
  );
  return [...kinds.values()].flatMap(([one, ...others]) =>
    others.map((other) => [one!, other] as const),
  );
}

/** Whether launchers differ by more than chance explains; nothing where there is one. */
function launchersInWords(arms: readonly SeenArm<unknown>[]): string[] {
  const judged = underOtherLaunchers(arms).flatMap(([one, other]) => {
    const { expected, measured } = above(one, other);
    return agreesWith(expected, measured) ?? [];
  });
  if (judged.length === 0) return [];
  const differing = judged.filter((agrees) => !agrees).length;
  return [
    differing === 0
      ? 'Between the launchers the hit rates differ by no more than chance.'
      : `Between the launchers ${counted(differing, 'hit rate differs', 'hit rates differ')} by more than chance.`,
  ];
}

/** With several rounds: median and spread per number of workers. */
function roundsTable(arms: readonly SeenArm<unknown>[]): Exhibit {
  const groups = Map.groupBy(arms, ({ workers, backend }) => `${workers} × ${backend}`);
  const rates = [...groups].map(([name, group]) => {
    const rates = group.flatMap(({ phases }) => phases[0]!.totals.hitRate ?? []);
    return { name, rates: rates.sort((a, b) => a - b) };
  });
  return table(rates, {
    id: 'rounds',
    title: 'Hit rate over the rounds',
    caption: 'Each round draws its own keys; the arms of a round share them.',
    columns: [
      ['workers', ({ name }) => name],
      ['rounds', ({ rates }) => rates.length, 'count'],
      ['median', ({ rates }) => median(rates), 'percent'],
      ['lowest', ({ rates }) => rates[0] ?? null, 'percent'],
      ['highest', ({ rates }) => rates.at(-1) ?? null, 'percent'],
    ],
  });
}
