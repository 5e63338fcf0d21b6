import pc from 'picocolors';
import type { RunRecord } from '../../reports/record/schema.ts';
import { SCENARIO_NAMES } from '../../scenarios/index.ts';
import type { Scenario, ScenarioOptions } from '../../scenarios/kit/contract.ts';
import { LabError } from '../console/errors.ts';
import { type GivenOptions, shownOption } from '../console/options.ts';
import type { Progress } from '../console/progress.ts';
import { describeSeries } from '../console/series-summary.ts';
import { shown } from '../console/shown-path.ts';
import { describeRun } from '../console/terminal.ts';
import { withoutPassword } from '../services/arm-service.ts';
import { type ServiceAddresses, serviceOf } from '../services/programs.ts';
import type { PlannedRun } from './plan.ts';
import { publish } from './publish.ts';
import { type RunResult, runScenario } from './run.ts';

/** What a series of runs needs beside its scenarios. */
export interface SeriesContext {
  readonly outFolder: string;
  /** 0: any free port. */
  readonly port: number;
  /** Services that run already; left out: private ones, where a backend needs one. */
  readonly services?: ServiceAddresses | undefined;
  readonly progress: Progress;
  /** Takes what a person reads. */
  readonly print: (text: string) => void;
  readonly signal: AbortSignal;
}

/** A run that is over, with its report. */
export interface PublishedRun extends RunResult {
  readonly report: string;
}

/**
 * Runs scenarios one after the other and publishes each. One that fails is explained and does not
 * keep the others from running; an interruption ends the series. Several are summed up at the end.
 */
export async function runSeries(
  plans: readonly PlannedRun[],
  context: SeriesContext,
): Promise<PublishedRun[]> {
  const runs: PublishedRun[] = [];
  for (const plan of plans) {
    if (context.signal.aborted) break;
    runs.push(await runAndPublish(plan, context));
  }
  if (plans.length > 1) {
    const all = plans.length === SCENARIO_NAMES.length;
    context.print(`\n${describeSeries(recordsOf(runs), all)}`);
  }
  return runs;
}

/**
 * Ctrl-C ends a run in order: the fleet stops, what was measured is kept. npm passes the signal
 * on a second time, so repeats are ignored; the ending has limits of its own.
 */
export function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () =>
      controller.abort(
        new LabError(`The run was interrupted (${signal}).`, {
          remedy: 'Arms that were measured are in the record.',
        }),
      ),
    );
  }
  return controller.signal;
}

/** The records of a series. */
export function recordsOf(runs: readonly PublishedRun[]): RunRecord[] {
  return runs.map((run) => run.record);
}

async function runAndPublish(
  { scenario, options, given }: PlannedRun,
  { outFolder, port, services = {}, progress, print, signal }: SeriesContext,
): Promise<PublishedRun> {
  const result = await runScenario({
    scenario,
    options,
    outFolder,
    port,
    services,
    command: repeatCommand(scenario, options, { given, port, services }),
    startedAt: new Date(),
    progress,
    signal,
  });
  const report = await publish(outFolder, result.record);
  print(describeRun(result.record, { record: shown(result.recordFile), report: shown(report) }));
  if (result.error !== null) explainFailure(result.error);
  return { ...result, report };
}

function explainFailure(error: unknown): void {
  const known = error instanceof LabError;
  const remedy = known ? error.remedy : 'The lab itself failed; please report this:';
  const stack = known || !(error instanceof Error) ? '' : `${error.stack}\n`;
  process.stderr.write(
    `${pc.red('error')}: ${known ? error.message : String(error)}\n${remedy}\n${stack}`,
  );
}

/** What was given, and the seed, so that the same run comes out again. */
function repeatCommand(
  scenario: Scenario,
  options: ScenarioOptions,
  { given, port, services }: { given: GivenOptions; port: number; services: ServiceAddresses },
): string {
  const fields = new Set([...Object.keys(given), 'seed'] as (keyof ScenarioOptions)[]);
  const flags = [...fields].map((field) => shownOption(field, options[field]));
  if (port !== 0) flags.push(`--port ${port}`);
  for (const [kind, address] of Object.entries(services)) {
    const isUsed = options.backends.some((backend) => serviceOf(backend) === kind);
    if (address !== undefined && isUsed) flags.push(`--${kind} ${withoutPassword(address)}`);
  }
  return `npm run lab -- --scenario ${scenario.name} ${flags.join(' ')}`;
}
