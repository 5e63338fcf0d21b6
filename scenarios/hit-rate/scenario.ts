import type { Arm, Exhibit, Finding, Phase } from '../../reports/record/schema.ts';
import { planArm, type Scenario } from '../kit/contract.ts';
import { conclude, count, counted, finding, percent } from '../kit/finding.ts';

/** The default scenario: the same traffic for one worker and for N, every cache empty at first. */
export const hitRate: Scenario = {
  name: 'hit-rate',
  question: 'What happens to the hit rate when one server becomes several processes?',
  claims: ['C4', 'C14', 'C15'],
  seconds: 4,
  quick: { workers: [4], requests: 1_000 },

  arms(options) {
    const counts = [...new Set([1, ...options.workers])].sort((a, b) => a - b);
    return Array.from({ length: options.rounds }, (_, index) => index + 1).flatMap((round) =>
      counts.flatMap((workers) =>
        options.backends.map((backend) =>
          planArm(options, {
            name: armName(workers, backend, options.backends.length, round, options.rounds),
            workers,
            backend,
            round,
            // A round repeats the experiment, not the dice.
            seed: options.seed + round - 1,
          }),
        ),
      ),
    );
  },

  async measure(lab) {
    await lab.phase('traffic', (phase) => phase.traffic());
  },

  judge(arms) {
    const findings = arms.flatMap(missesFinding);
    // That one worker misses each key once proves nothing about several.
    const split = arms.filter((arm) => arm.workers > 1).flatMap(missesFinding);
    const verdict = conclude(sentence(arms), findings, split.length > 0 ? split : findings);
    return { verdict, exhibits: roundsTable(arms) };
  },
};

function armName(
  workers: number,
  backend: string,
  backends: number,
  round: number,
  rounds: number,
): string {
  const parts = [workers === 1 ? '1 worker' : `${workers} workers`];
  if (backends > 1) parts.push(backend);
  if (rounds > 1) parts.push(`round ${round}`);
  return parts.join(', ');
}

function missesFinding(arm: Arm): Finding[] {
  const phase = trafficOf(arm);
  if (!phase) return [];
  return [
    finding(
      {
        claim: arm.workers > 1 ? 'C4' : null,
        what: `misses of ${arm.name}`,
        unit: 'misses',
        expected: phase.expected?.misses ?? null,
        measured: missesOf(phase),
      },
      1,
    ),
  ];
}

function sentence(arms: readonly Arm[]): string {
  const one = arms.find((arm) => arm.workers === 1);
  const before = one && trafficOf(one);
  if (!before) return 'Nothing was measured.';
  const most = Math.max(...arms.map((arm) => arm.workers));
  const [first, ...others] = arms.filter((arm) => arm.workers === most && arm.round === 1);
  const after = first && trafficOf(first);
  if (most === 1 || !after) {
    return `One worker answered ${counted(before.totals.requests, 'request')} with a hit rate of ${rateOf(before)}; give --workers 4 to see it split.`;
  }
  return [splitting(before, after, most), ...others.map((arm) => otherBackend(arm))].join(' ');
}

/** What became of the hit rate, and what that cost the database. */
function splitting(before: Phase, after: Phase, workers: number): string {
  const moved =
    rateOf(before) === rateOf(after)
      ? `the hit rate stayed at ${rateOf(after)}`
      : `the hit rate went from ${rateOf(before)} to ${rateOf(after)}`;
  const times = missesOf(after) / missesOf(before);
  const copies = after.totals.duplicationFactor;
  const spread =
    copies === null || after.totals.entries === after.totals.uniqueEntries
      ? ''
      : ` Each page that was cached lay in ${copies.toFixed(1)} caches on average.`;
  return (
    `${workers} workers, the same ${counted(after.totals.requests, 'request')}: ${moved}, and the ` +
    `database was asked ${counted(missesOf(after), 'time')} instead of ${count(missesOf(before))} ` +
    `(${times.toFixed(1)} ×).${spread}`
  );
}

function otherBackend(arm: Arm): string {
  const phase = trafficOf(arm);
  if (!phase) return '';
  return `With ${arm.backend} it was ${rateOf(phase)} and ${counted(missesOf(phase), 'time')}.`;
}

/** With several rounds: median and spread per number of workers. */
function roundsTable(arms: readonly Arm[]): Exhibit[] {
  if (arms.every((arm) => arm.round === 1)) return [];
  const groups = Map.groupBy(arms, (arm) => `${arm.workers} × ${arm.backend}`);
  const rows = [...groups].map(([name, group]) => {
    const rates = group
      .flatMap((arm) => trafficOf(arm)?.totals.hitRate ?? [])
      .map((rate) => 100 * rate)
      .sort((a, b) => a - b);
    return [
      name,
      rates.length,
      rounded(quantile(rates, 0.5)),
      rounded(rates[0]),
      rounded(rates.at(-1)),
    ];
  });
  return [
    {
      kind: 'table',
      id: 'rounds',
      title: 'Hit rate over the rounds',
      caption: 'Each round draws its own keys; the arms of a round share them.',
      columns: ['workers', 'rounds', 'median, %', 'lowest, %', 'highest, %'],
      rows,
    },
  ];
}

function quantile(sorted: readonly number[], share: number): number | undefined {
  const middle = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

const trafficOf = (arm: Arm): Phase | undefined => arm.phases[0];
const missesOf = ({ totals: { misses } }: Phase): number =>
  misses.cold + misses.expired + misses.evicted;
const rounded = (value: number | undefined) =>
  value === undefined ? null : Number(value.toFixed(2));
const rateOf = ({ totals }: Phase) => percent(totals.hitRate);
