import { Command } from 'commander';
import pc from 'picocolors';
import { distance } from '../../reports/record/distance.ts';
import type { Finding, RunRecord } from '../../reports/record/schema.ts';
import type { LauncherName } from '../../reports/record/vocabulary.ts';
import { loadScenarios, SCENARIO_NAMES } from '../../scenarios/index.ts';
import type { Scenario } from '../../scenarios/kit/contract.ts';
import { unusedBy } from '../../scenarios/kit/options.ts';
import { Output } from '../console/output.ts';
import { createProgress } from '../console/progress.ts';
import { loadLauncher } from '../fleet/index.ts';
import { planRun } from '../run/plan.ts';
import type { PlannedRun } from '../run/planned-run.ts';
import { runScenario } from '../run/run.ts';
import { notBorneOut } from './borne-out.ts';

/**
 * `npm run test:seeds`: every scenario with many seeds, numbers of workers and launchers, small. Counts
 * findings outside what is allowed: of fair ones 1 in 10,000 is. Something that is outside more often
 * has a wrong expectation.
 */

const WORKERS = [2, 3, 4, 8];
const LAUNCHERS: readonly LauncherName[] = ['cluster', 'pm2'];
/** Of all findings, this share may be outside. */
const MOST_OUTSIDE = 0.01;

interface Flags {
  readonly scenario: string;
  readonly runs: string;
  readonly firstSeed: string;
  readonly out: string;
}

new Command('test:seeds')
  .description('Runs scenarios with many seeds; fails where 1 in 100 findings is not as expected.')
  .option('-s, --scenario <list>', 'which scenarios', SCENARIO_NAMES.join(','))
  .option('--runs <n>', 'runs of each', '40')
  .option('--first-seed <n>', 'the seed of the first', '1')
  .option('--out <folder>', 'where the records go', 'reports/out/many-seeds')
  .action(async ({ scenario, runs, firstSeed, out }: Flags) => {
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort(new Error('Ctrl-C')));
    const scenarios = await loadScenarios(scenario.split(','));
    const told: string[] = [];
    let [findings, outside] = [0, 0];
    // Round by round, so that what runs last has seen a busy machine as often as what runs first.
    for (let run = 0; run < Number(runs); run++) {
      for (const one of scenarios) {
        if (stop.signal.aborted) {
          process.exitCode = 130;
          return;
        }
        const record = await runOnce(one, run, { seed: Number(firstSeed) + run, out, stop });
        const faults = faultsOf(record);
        findings += record.verdict?.findings.filter(({ agrees }) => agrees !== null).length ?? 0;
        outside += faults.length;
        told.push(...faults);
        for (const fault of faults) process.stdout.write(`${pc.red('✘')} ${record.id} ${fault}\n`);
      }
      process.stdout.write(`${run + 1} runs of each: ${outside} of ${findings} findings outside\n`);
    }
    if (outside > MOST_OUTSIDE * findings) process.exitCode = 1;
  })
  .parseAsync();

async function runOnce(
  scenario: Scenario,
  run: number,
  { seed, out, stop }: { seed: number; out: string; stop: AbortController },
): Promise<RunRecord> {
  const plan = plannedRun(scenario, run, seed);
  const { record } = await runScenario({
    ...plan,
    ...{ outFolder: out, port: 0, launcherOf: loadLauncher, startedAt: new Date() },
    originOrders: Math.min(scenario.originOrders ?? Infinity, 2_000),
    command: `npm run test:seeds -- --scenario ${scenario.name} --first-seed ${seed} --runs 1`,
    progress: createProgress(new Output(process), { quiet: true }),
    signal: stop.signal,
  });
  return record;
}

/** Small, where so many workers can be had from a small run; with what the scenario can use. */
function plannedRun(scenario: Scenario, run: number, seed: number): PlannedRun {
  const unused = unusedBy(scenario);
  const chosen = {
    seed,
    workers: [WORKERS[run % WORKERS.length]!],
    launchers: [LAUNCHERS[Math.floor(run / WORKERS.length) % LAUNCHERS.length]!],
  };
  const given = Object.fromEntries(
    Object.entries(chosen).filter(([option]) => !Object.hasOwn(unused, option)),
  );
  try {
    return planRun(scenario, { ...scenario.quick, ...given });
  } catch {
    return planRun(scenario, given);
  }
}

/** What is wrong with a run, a line each: it did not end, a finding is outside, a sentence is not so. */
function faultsOf(record: RunRecord): string[] {
  if (record.status !== 'complete') return [`${record.status}: ${record.failure}`];
  const outside = record.verdict!.findings.filter(({ agrees }) => agrees === false).map(told);
  const failed = record.arms.flatMap(({ name, phases }) =>
    phases.flatMap((phase) => (phase.audit.clean ? [] : [`audit failed: ${name}, ${phase.name}`])),
  );
  return [...outside, ...failed, ...notBorneOut(record)];
}

function told(finding: Finding): string {
  const { what, measured, expected } = finding;
  return `${what}: measured ${measured}, expected ${expected?.value}; ${distance(finding)}`;
}
