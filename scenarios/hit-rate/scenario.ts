import { count, counted, inWords, percent } from '../../reports/record/format.ts';
import type { Arm, Exhibit, Phase } from '../../reports/record/schema.ts';
import { median } from '../../reports/record/tally.ts';
import { eachFleet } from '../kit/arms.ts';
import type { ArmPlan, Scenario, ScenarioOptions } from '../kit/contract.ts';
import { table } from '../kit/exhibits.ts';
import { missesFinding } from '../kit/finding.ts';

/** The default scenario: the same traffic for one worker and for N, every cache empty at first. */
export const hitRate: Scenario = {
  name: 'hit-rate',
  question: 'What happens to the hit rate when one server becomes several processes?',
  claims: ['C4', 'C14', 'C15'],
  seconds: 4,
  quick: { workers: [4], requests: 1_000 },

  arms: (options) =>
    Array.from({ length: options.rounds }, (_, index) => armsOfRound(options, index + 1)).flat(),

  measure: (lab) => lab.phase('traffic', (phase) => phase.traffic()).then(() => ({})),

  findings: (arm) =>
    arm.phases.map((phase) =>
      missesFinding(phase, { claim: arm.workers > 1 ? 'C4' : null, what: `misses of ${arm.name}` }),
    ),

  /** That one worker misses each key once proves nothing about several. */
  decisive(findings, arms) {
    return arms.some(({ workers }) => workers > 1)
      ? findings.filter(({ claim }) => claim !== null)
      : findings;
  },

  sentence(arms) {
    const before = arms.find(({ workers }) => workers === 1)?.phases[0];
    const most = Math.max(...arms.map(({ workers }) => workers));
    const [first, ...others] = arms.filter(({ workers, round }) => workers === most && round === 1);
    const after = first?.phases[0];
    if (!before) return null;
    if (most === 1 || !after)
      return `One worker answered ${counted(before.totals.requests, 'request')} with a hit rate of ${percent(before.totals.hitRate)}; give --workers 4 to see it split.`;
    return [splitting(before, after, most), ...others.map(otherBackend)].join(' ');
  },

  exhibits: (arms) => (arms.some(({ round }) => round > 1) ? [roundsTable(arms)] : []),
};

/** A round repeats the experiment, not the dice. */
function armsOfRound(options: ScenarioOptions, round: number): ArmPlan[] {
  const { backends, rounds, seed } = options;
  return eachFleet(options, { round, seed: seed + round - 1 }).flatMap((arm) =>
    backends.map((backend) => {
      const parts = [arm.name];
      if (backends.length > 1) parts.push(backend);
      if (rounds > 1) parts.push(`round ${round}`);
      return { ...arm, backend, name: parts.join(', ') };
    }),
  );
}

/** What became of the hit rate, and what that cost the database. */
function splitting({ totals: one }: Phase, { totals: many }: Phase, workers: number): string {
  const [from, to] = [percent(one.hitRate), percent(many.hitRate)];
  const moved = from === to ? `stayed at ${to}` : `went from ${from} to ${to}`;
  const answered =
    one.requests === many.requests
      ? `the same ${counted(many.requests, 'request')}`
      : `${counted(many.requests, 'request')} where one had ${count(one.requests)}`;
  const times =
    one.originQueries === 0 ? '' : ` (${inWords(many.originQueries / one.originQueries, 'times')})`;
  const copies =
    many.duplicationFactor === null || many.entries === many.uniqueEntries
      ? ''
      : ` Each page that was cached lay in ${inWords(many.duplicationFactor, 'number')} caches on average.`;
  return (
    `${counted(workers, 'worker')}, ${answered}: the hit rate ${moved}, and the database was asked ` +
    `${counted(many.originQueries, 'time')} instead of ${count(one.originQueries)}${times}.${copies}`
  );
}

function otherBackend({ backend, phases }: Pick<Arm, 'backend' | 'phases'>): string {
  const { hitRate, originQueries } = phases[0]!.totals;
  return `With ${backend} it was ${percent(hitRate)} and ${counted(originQueries, 'time')}.`;
}

/** With several rounds: median and spread per number of workers. */
function roundsTable(arms: readonly Pick<Arm, 'workers' | 'backend' | 'phases'>[]): Exhibit {
  const groups = [...Map.groupBy(arms, (arm) => `${arm.workers} × ${arm.backend}`)].map(
    ([name, group]) => ({
      name,
      rates: group.flatMap((arm) => arm.phases[0]!.totals.hitRate ?? []).sort((a, b) => a - b),
    }),
  );
  return table(groups, {
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
