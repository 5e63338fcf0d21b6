import { existsSync } from 'node:fs';
import path from 'node:path';
import type { RunRecord } from '../../reports/record/schema.ts';
import { BACKENDS } from '../../reports/record/vocabulary.ts';
import { REPORT_FILE } from '../../reports/record/write.ts';
import { SCENARIO_NAMES } from '../../scenarios/index.ts';
import type { Scenario, ScenarioOptions } from '../../scenarios/kit/contract.ts';
import { describeError } from '../console/errors.ts';
import { type GivenOptions, shownOption } from '../console/options.ts';
import type { Output } from '../console/output.ts';
import { describeSeries } from '../console/series-summary.ts';
import { shown } from '../console/shown-path.ts';
import { describeRun } from '../console/terminal.ts';
import { withoutPassword } from '../services/arm-service.ts';
import type { ServiceAddresses } from '../services/programs.ts';
import type { RunContext } from './arm.ts';
import type { PlannedRun } from './planned-run.ts';
import { type RunPlan, type RunResult, runScenario } from './run.ts';

/** What a series of runs needs beside its scenarios. */
export interface SeriesContext extends RunContext, Pick<RunPlan, 'outFolder' | 'originOrders'> {
  readonly output: Output;
}

/** A run that is over, with where its report is, if it could be saved. */
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
    context.output.say(`\n${describeSeries(recordsOf(runs), all)}`);
  }
  return runs;
}

/** The records of a series. */
export function recordsOf(runs: readonly PublishedRun[]): RunRecord[] {
  return runs.map((run) => run.record);
}

async function runAndPublish(
  { scenario, options, given }: PlannedRun,
  context: SeriesContext,
): Promise<PublishedRun> {
  const { outFolder, port, services = {}, output } = context;
  const result = await runScenario({
    ...context,
    scenario,
    options,
    command: repeatCommand(scenario, options, { given, port, services }),
    startedAt: new Date(),
  });
  const { record, recordFile } = result;
  const report = path.join(result.folder, REPORT_FILE);
  let { error } = result;
  try {
    const { publish } = await import('./publish.ts');
    await publish(outFolder, record);
  } catch (cause) {
    error ??= cause;
  }
  const there = (file: string) => (existsSync(file) ? shown(file) : null);
  output.say(describeRun(record, { record: there(recordFile), report: there(report) }));
  if (error !== null) output.note(describeError(error));
  return { ...result, error, report };
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
    const isUsed = options.backends.some((backend) => BACKENDS[backend].service === kind);
    if (address !== undefined && isUsed) flags.push(`--${kind} ${withoutPassword(address)}`);
  }
  return `npm run lab -- --scenario ${scenario.name} ${flags.join(' ')}`;
}
