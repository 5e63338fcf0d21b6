import path from 'node:path';
import type { RunRecord } from '../../reports/record/schema.ts';
import { RECORD_SCHEMA, RECORD_VERSION } from '../../reports/record/vocabulary.ts';
import { RECORD_FILE, writeRecord } from '../../reports/record/write.ts';
import type { Scenario, ScenarioOptions } from '../../scenarios/kit/contract.ts';
import { judge } from '../../scenarios/kit/judge.ts';
import { generateDatabase } from '../../server/origin/database.ts';
import { messageOf } from '../console/errors.ts';
import { measureArm, type RunContext } from './arm.ts';
import { describeEnvironment } from './environment.ts';
import { readLesson } from './lesson-text.ts';
import { createRunFolder } from './run-folder.ts';
import { warningsOf } from './warnings.ts';

/** One run: what is measured, with what, and where its record goes. */
export interface RunPlan extends RunContext {
  readonly scenario: Scenario;
  readonly options: ScenarioOptions;
  /** The folder of all runs; this one makes a folder of its own in it. */
  readonly outFolder: string;
  /** In the database; default: as many as the scenario says. Tests take fewer: misses cost less. */
  readonly originOrders?: number | undefined;
  /** The command that repeats this run. */
  readonly command: string;
  readonly startedAt: Date;
}

/** How a run ended: always with a record, and the error when it is not complete. */
export interface RunResult {
  readonly record: RunRecord;
  readonly folder: string;
  readonly recordFile: string;
  readonly error: unknown;
}

/** One scenario, arm by arm. The record is saved after each, so that a later failure loses nothing. */
export async function runScenario(plan: RunPlan): Promise<RunResult> {
  const { scenario, options, progress, signal } = plan;
  const record = emptyRecord({
    scenario: { ...scenario, lesson: readLesson(scenario.name) },
    startedAt: plan.startedAt,
    command: plan.command,
    seed: options.seed,
    options: recordedOptions(options),
  });
  const folder = path.join(plan.outFolder, record.id);
  let error: unknown = null;
  const run = createRunFolder();
  try {
    const database = path.join(run.path, 'origin.sqlite');
    const { keys: users, seed } = options;
    const orders = plan.originOrders ?? scenario.originOrders;
    generateDatabase(database, { users, seed, orders });
    for (const arm of scenario.arms(options)) {
      signal.throwIfAborted();
      const context = { ...plan, runFolder: run.path, database };
      record.arms.push(await measureArm(scenario, arm, context));
      await writeRecord(folder, record);
    }
    record.status = 'complete';
  } catch (cause) {
    // Whatever a Ctrl-C made fail, a request or a worker, was not at fault.
    error = signal.aborted ? signal.reason : cause;
    record.status = signal.aborted ? 'interrupted' : 'failed';
    record.failure = messageOf(error);
  } finally {
    progress.done();
    run.remove();
  }
  // Whatever fails here, what was measured is told, and other scenarios still run.
  const failed = (what: string, cause: unknown) => {
    error = cause;
    record.status = 'failed';
    record.failure = `${what} ${messageOf(cause)}`;
  };
  try {
    conclude(record, plan, error);
  } catch (cause) {
    failed('The figures could not be judged:', cause);
  }
  const recordFile = path.join(folder, RECORD_FILE);
  try {
    await writeRecord(folder, record);
  } catch (cause) {
    failed('The record could not be saved.', cause);
  }
  return { record, folder, recordFile, error };
}

/** The verdict and the warnings; of an unfinished run too, as far as it came. */
function conclude(record: RunRecord, { scenario, startedAt }: RunPlan, error: unknown): void {
  record.durationMillis = Date.now() - startedAt.getTime();
  record.warnings = warningsOf(record);
  if (error !== null || record.arms.length === 0) return;
  const { verdict, exhibits } = judge(scenario, record.arms);
  record.verdict = verdict;
  record.exhibits = exhibits;
}

/** As the record keeps them. */
export function recordedOptions(options: ScenarioOptions): RunRecord['options'] {
  const { workers, launchers, backends } = options;
  return {
    ...options,
    workers: [...workers],
    launchers: [...launchers],
    backends: [...backends],
  };
}

/** A record before anything is known but what it will be about. */
export function emptyRecord({
  scenario: { name, question, claims, lesson },
  startedAt,
  ...rest
}: Pick<RunRecord, 'command' | 'seed' | 'options'> & {
  readonly scenario: Pick<Scenario, 'name' | 'question' | 'claims'> & { readonly lesson: string };
  readonly startedAt: Date;
}): RunRecord {
  return {
    schema: RECORD_SCHEMA,
    version: RECORD_VERSION,
    id: `${timestamp(startedAt)}-${name}`,
    status: 'running',
    failure: null,
    scenario: { name, question, claims: [...claims], lesson },
    startedAt: startedAt.toISOString(),
    durationMillis: 0,
    environment: describeEnvironment(),
    arms: [],
    verdict: null,
    exhibits: [],
    warnings: [],
    ...rest,
  };
}

/** `2026-11-20T09-15-02-123`: sorts by time and is a name that every file system takes. */
export function timestamp(date: Date): string {
  return date.toISOString().replace('Z', '').replaceAll(/[:.]/g, '-');
}
