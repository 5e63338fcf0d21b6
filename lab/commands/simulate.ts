import type { Command } from 'commander';
import { tableOf } from '../../reports/record/table.ts';
import { type Fault, usageError } from '../console/errors.ts';
import { LabCommand, namesFrom, number, oneOf, text } from '../console/flags.ts';
import { FLAGS } from '../console/options.ts';
import { outFaults, outFlag } from '../console/out-folder.ts';
import type { Output } from '../console/output.ts';
import { traceProgress } from '../console/trace-progress.ts';
import { TraceSimulation } from '../simulate/simulate.ts';
import { askedFleets } from '../simulate/simulated-trace.ts';
import {
  SIMULATED_BACKENDS,
  type SimulatedBackend,
  TRACE_ROUTINGS,
} from '../simulate/simulation-options.ts';
import { columnsOf, simulationReport } from '../simulate/simulation-report.ts';
import { exampleTrace } from '../simulate/trace/example-log.ts';
import { FORMAT_NAMES } from '../simulate/trace/formats/index.ts';
import { type Only, parseOnly } from '../simulate/trace/only.ts';
import { parseKeyFrom, parseTimeFrom } from '../simulate/trace/patterns.ts';
import { TIME_UNITS, type TimeUnit } from '../simulate/trace/times.ts';
import { TraceReader } from '../simulate/trace/trace-reader.ts';
import { openTrace, type TraceSource } from '../simulate/trace/trace-source.ts';
import {
  FIELDS,
  type Field,
  type FieldNames,
  type KeyFrom,
} from '../simulate/trace/traced-request.ts';
import {
  addFleetFlags,
  type ComputationFlags,
  limitsOf,
  publishComputation,
} from './computation.ts';
import type { CommandContext } from './context.ts';
import {
  addLifeFlags,
  type LifeFlags,
  lifeColumns,
  lifeFaults,
  lifeOptions,
  lookupTimes,
} from './simulated-life.ts';

/** Other sizes of the caches, as multiples of --max-entries, for the curve over memory. */
const CURVE = [1 / 8, 1 / 4, 1 / 2, 2, 4, 8];

const GUIDE = 'lab/simulate/README.md';

interface SimulateFlags
  extends ComputationFlags,
    LifeFlags,
    Partial<Record<`${Field}Field`, string>> {
  readonly trace?: string;
  readonly example?: boolean;
  readonly backends: SimulatedBackend[];
  readonly format: string;
  readonly keyFrom: KeyFrom;
  readonly timeFrom?: RegExp;
  readonly timeUnit: TimeUnit | 'auto';
  readonly only?: Only;
  readonly rate?: number;
  readonly seed: number;
  readonly quiet?: boolean;
}

/** `simulate`: a team's own traffic through fleets of any size. */
export function defineCommand({ output }: CommandContext): Command {
  const command = new LabCommand('simulate')
    .option(
      '-t, --trace <file>',
      'requests: an access log, JSON, CSV, a key per line, …; plain or compressed; -: standard input',
      text,
    )
    .option('--example', 'a log that the lab makes, to show the result');
  addFleetFlags(command, [1, 4, 16, 64])
    .option(...choice('--routing <way>', 'how requests find a worker', TRACE_ROUTINGS))
    .option(
      '-b, --backends <list>',
      `where entries are kept: ${SIMULATED_BACKENDS.join(', ')}`,
      namesFrom(SIMULATED_BACKENDS),
      [...SIMULATED_BACKENDS],
    )
    .option(...choice('--format <name>', 'how the trace is written', ['auto', ...FORMAT_NAMES]))
    .option(
      '--key-from <what>',
      'the key: url (with its query), path (without), or a regular expression with a group, for any text',
      parseKeyFrom,
      'url',
    )
    .option('--time-from <regex>', 'the time, as the group of a regular expression', parseTimeFrom)
    .option(
      '--only <requests>',
      "which requests count, e.g. 'GET 2xx', or all; default in HTTP logs: GET 200, HEAD 200",
      parseOnly,
    )
    .option(
      ...choice('--time-unit <unit>', 'unit of numeric times', [
        'auto',
        ...Object.keys(TIME_UNITS),
      ]),
    );
  for (const field of FIELDS) {
    command.option(`--${field}-field <name>`, `name of the ${field} in CSV or JSON`, text);
  }
  return addLifeFlags(command)
    .option('--rate <n>', 'requests per second, for a trace without times', number(0.001, 1e9))
    .option(
      '--sample <part>',
      'simulate this share of the keys, for very long traces: 0.01 is a hundredth',
      number(1e-6, 1),
      1,
    )
    .option(...FLAGS.seed, 1)
    .option(...outFlag())
    .option('--json', 'the figures on standard output, everything else on standard error')
    .option('-q, --quiet', 'show no progress')
    .addHelpText('after', `\nHow to read your own traffic, format by format: ${GUIDE}`)
    .action((flags: SimulateFlags, command: LabCommand) => simulate(flags, command, output));
}

/** A flag that takes one of these, the first by default. */
function choice(flags: string, about: string, valid: readonly string[]) {
  return [flags, `${about}: ${valid.join(', ')}`, oneOf(valid), valid[0]] as const;
}

async function simulate(flags: SimulateFlags, command: LabCommand, output: Output): Promise<void> {
  command.refuse(outFaults(flags.out), sourceFaults(flags), lifeFaults(flags));
  const startedAt = new Date();
  const source = flags.trace === undefined ? exampleTrace() : openTrace(flags.trace);
  const { maxEntries, sample, rate = null } = flags;
  const { timeoutSeconds } = limitsOf(flags);
  const reader = new TraceReader({
    ...flags,
    name: source.name,
    requestsPerSecond: rate,
    fields: fieldsOf(flags),
    columns: lifeColumns(flags),
  });
  const fleets = await runTrace({ flags, command, output }, source, reader);
  const trace = {
    name: source.name,
    reader,
    fleets,
    maxEntries,
    timeoutSeconds,
    sample,
    lookups: lookupTimes(flags),
  };
  const { keyFrom, timeFrom, only, timeout, out, json, quiet, ...options } = flags;
  const { requests, lines, table } = reader;
  await publishComputation(
    {
      question: 'What would your own traffic do to these caches?',
      seed: flags.seed,
      options: { ...options, timeoutSeconds, rate },
      startedAt,
      ...simulationReport(trace),
      table: tableOf(askedFleets(trace), columnsOf(trace)),
      figures: {
        ...{
          format: reader.format,
          requests,
          lines,
          keys: table.size,
          only: `${reader.only}`,
        },
        leftOut: Object.fromEntries(reader.leftOut.kinds),
        fleets,
      },
    },
    { flags, command, output },
  );
}

/** A trace or the example: one of them. */
function sourceFaults({ trace, example }: SimulateFlags): Fault[] {
  if ((trace === undefined) !== (example === undefined)) return [];
  const message = trace ? '--trace and --example exclude each other.' : 'No trace was given.';
  return [{ message, remedy: `Name a file with --trace, or give --example; see ${GUIDE}.` }];
}

/** Names of columns or fields that were given. */
function fieldsOf(flags: SimulateFlags): FieldNames {
  const given = FIELDS.map((field) => [field, flags[`${field}Field`]]);
  return Object.fromEntries(given.filter(([, name]) => name !== undefined));
}

/** Reads the trace once and runs it through all fleets on the way. */
async function runTrace(
  { flags, command, output }: { flags: SimulateFlags; command: LabCommand; output: Output },
  source: TraceSource,
  reader: TraceReader,
) {
  const progress = traceProgress(output, { quiet: flags.quiet ?? false });
  let simulation: TraceSimulation | undefined;
  try {
    for await (const batch of reader.batches(source.chunks())) {
      simulation ??= startSimulation(flags, command, reader);
      simulation.run(batch);
      progress.show({
        bytesRead: source.bytesRead(),
        bytes: source.bytes,
        requests: reader.requests,
      });
    }
  } finally {
    progress.done();
  }
  if (simulation) return simulation.results();
  throw usageError(
    `--sample ${flags.sample}: none of the trace's keys is in the sample.`,
    'Use a larger --sample, or leave it out.',
  );
}

/** Flags that would do nothing with other traces. */
const FLAGS_OF_SOME_FORMATS = [
  ...FIELDS.map((field) => [`${field}Field`, `--${field}-field`, ['csv', 'json']] as const),
  ['timeUnit', '--time-unit', ['csv', 'json']],
] as const;

/** Once the first requests are there, it is known whether they have times. */
function startSimulation(
  flags: SimulateFlags,
  command: LabCommand,
  reader: TraceReader,
): TraceSimulation {
  if (flags.rate !== undefined && reader.hasOwnTimes) {
    throw usageError(
      '--rate is for traces without times, and this one has times.',
      'Leave it out.',
    );
  }
  const given = (option: string) => command.getOptionValueSource(option) === 'cli';
  for (const [option, flag, formats] of FLAGS_OF_SOME_FORMATS) {
    if (!given(option) || formats.includes(reader.format as 'csv')) continue;
    if (option === 'timeUnit' && flags.timeFrom) continue;
    throw usageError(
      `${flag} is for CSV or JSON, and this trace is ${reader.about}.`,
      `Leave it out, or say --format ${formats.join(' or ')} if that is what the trace is.`,
    );
  }
  if (flags.only && `${flags.only}` !== 'all' && !reader.canChoose) {
    throw usageError(
      `--only ${flags.only} selects by method and status, but this trace,  ${reader.about}, has neither.`,
      'Leave it out; all of its requests count.',
    );
  }
  if (!reader.hasTimes && given('timeout') && flags.timeout !== Infinity) {
    throw usageError(
      `--timeout ${flags.timeout} cannot be simulated: the trace has no times.`,
      'Give --rate, the requests per second, or a trace with times.',
    );
  }
  const limits = limitsOf(flags);
  return new TraceSimulation({
    workers: [...flags.workers].sort((a, b) => a - b),
    routing: flags.routing,
    backends: flags.backends,
    limits: reader.hasTimes ? limits : { ...limits, timeoutSeconds: null },
    capacities:
      flags.sizes ?? CURVE.map((multiple) => Math.max(1, Math.round(multiple * flags.maxEntries))),
    sample: flags.sample,
    seed: flags.seed,
    ...lifeOptions(flags, reader),
    hashOf: (key) => reader.table.hashOf(key),
  });
}
