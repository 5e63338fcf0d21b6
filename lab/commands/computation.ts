import path from 'node:path';
import type { RunRecord } from '../../reports/record/schema.ts';
import type { Table } from '../../reports/record/table.ts';
import { writeRecord } from '../../reports/record/write.ts';
import type { CacheLimits } from '../../scenarios/theory/cache-limits.ts';
import { type LabCommand, oneOf, wholeNumbers } from '../console/flags.ts';
import { FLAGS } from '../console/options.ts';
import type { Output } from '../console/output.ts';
import { shown } from '../console/shown-path.ts';
import { terminalTable } from '../console/table.ts';
import { describeRun } from '../console/terminal.ts';
import { publish } from '../run/publish.ts';
import { emptyRecord } from '../run/run.ts';

/** What commands have in common that compute and start nothing. */
export interface ComputationFlags {
  readonly workers: number[];
  readonly maxEntries: number;
  /** Infinity: never. */
  readonly timeout: number;
  readonly cullFrequency: number;
  readonly policy: 'django' | 'lru';
  readonly out: string;
  readonly json?: boolean;
}

/** There are no processes to start, so far more workers than a laptop would bear. */
const MOST_WORKERS = 10_000;

/** Adds the flags for numbers of workers (with the default given) and their caches. */
export function addFleetFlags(command: LabCommand, workers: number[]): LabCommand {
  return command
    .option(
      '-w, --workers <list>',
      `numbers of workers, 1 to ${MOST_WORKERS}`,
      wholeNumbers(1, MOST_WORKERS),
      workers,
    )
    .option(...FLAGS.maxEntries, 300)
    .option(...FLAGS.timeoutSeconds, 300)
    .option(...FLAGS.cullFrequency, 3)
    .option(
      '--policy <name>',
      'django: a full cache culls a batch; lru: it drops one entry',
      oneOf(['django', 'lru']),
      'django',
    );
}

/** The caches that the flags describe. */
export function limitsOf({ timeout, ...flags }: ComputationFlags): CacheLimits {
  const { maxEntries, cullFrequency, policy } = flags;
  const timeoutSeconds = timeout === Infinity ? null : timeout;
  return { maxEntries, timeoutSeconds, cullFrequency, policy };
}

/** What was computed, from what, and how it is told beside the record. */
interface Computation
  extends Pick<RunRecord, 'seed' | 'options' | 'verdict' | 'exhibits' | 'warnings'> {
  readonly question: string;
  readonly startedAt: Date;
  /** The figures for the terminal. */
  readonly table: Table;
  /** The figures for a script. */
  readonly figures: object;
}

/** Writes record and report into a folder of their own below `--out`, and tells what came out. */
export async function publishComputation(
  { question, startedAt, seed, options, table, figures, ...computed }: Computation,
  { flags, command, output }: { flags: ComputationFlags; command: LabCommand; output: Output },
): Promise<void> {
  const { verdict, warnings } = computed;
  const scenario = { name: command.name(), question, claims: ['C15'], lesson: '' };
  const about = { scenario, startedAt, command: repeatCommand(command), seed, options };
  const record: RunRecord = {
    ...emptyRecord(about),
    status: 'complete',
    durationMillis: Date.now() - startedAt.getTime(),
    ...computed,
  };
  const outFolder = path.resolve(flags.out);
  const recordFile = await writeRecord(path.join(outFolder, record.id), record);
  const report = await publish(outFolder, record);
  // Long heads stand on several lines.
  const columns = table.columns.map((one) => ({ ...one, label: one.label.replaceAll(' ', '\n') }));
  const words = describeRun(record, { record: shown(recordFile), report: shown(report) });
  if (flags.json) output.keepForScript();
  output.say(`${terminalTable({ ...table, columns })}\n\n${words}`);
  if (!flags.json) return;
  output.give(`${JSON.stringify({ verdict, ...figures, warnings, record: recordFile, report })}\n`);
}

/** Where results go and how they are shown is no part of what they are. */
const NOT_REPEATED = ['json', 'out', 'quiet'];

/** The command line that gives the same figures again: the flags that a person gave. */
function repeatCommand(command: LabCommand): string {
  const flags = command.options.flatMap((option) => {
    const name = option.attributeName();
    if (command.getOptionValueSource(name) !== 'cli' || NOT_REPEATED.includes(name)) return [];
    const value: unknown = command.getOptionValue(name);
    return [value === true ? option.long : `${option.long} ${quoted(asGiven(value))}`];
  });
  return [`npm run lab -- ${command.name()}`, ...flags].join(' ');
}

function asGiven(value: unknown): string {
  if (value === Infinity) return 'never';
  return value instanceof RegExp ? value.source : String(value);
}

/** As a shell takes it. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
