import type { Command } from 'commander';
import { tableOf } from '../../reports/record/table.ts';
import { usageError } from '../console/errors.ts';
import { LabCommand, namesFrom, number, oneOf, text } from '../console/flags.ts';
import { FLAGS } from '../console/options.ts';
import { outFaults, outFlag } from '../console/out-folder.ts';
import type { Output } from '../console/output.ts';
import { traceProgress } from '../console/trace-progress.ts';
import {
  SIMULATED_BACKENDS,
  type SimulatedBackend,
  TRACE_ROUTINGS,
  type TraceRouting,
  TraceSimulation,
} from '../simulate/simulate.ts';
import { askedFleets, columnsOf, simulationReport } from '../simulate/simulation-report.ts';
import { TIME_UNITS, type TimeUnit } from '../simulate/trace/csv-format.ts';
import { type KeyFrom, parseKeyFrom } from '../simulate/trace/log-format.ts';
import { TRACE_FORMATS, type TraceFormat, TraceReader } from '../simulate/trace/trace-reader.ts';
import { openTrace, type TraceSource } from '../simulate/trace/trace-source.ts';
import {
  addFleetFlags,
  type ComputationFlags,
  limitsOf,
  publishComputation,
} from './computation.ts';
import type { CommandContext } from './context.ts';

/** Other sizes of the caches, as multiples of --max-entries, for the curve over memory. */
const CURVE = [1 / 8, 1 / 4, 1 / 2, 2, 4, 8];

interface SimulateFlags extends ComputationFlags {
  readonly trace: string;
  readonly routing: TraceRouting;
  readonly backends: SimulatedBackend[];
  readonly format: TraceFormat;
  readonly keyFrom: KeyFrom;
  readonly timeUnit: TimeUnit;
  readonly rate?: number;
  readonly sample: number;
  readonly seed: number;
  readonly quiet?: boolean;
}

/** `simulate`: a team's own traffic through fleets of any size. */
export function defineCommand({ output }: CommandContext): Command {
  const command = new LabCommand('simulate').requiredOption(
    '-t, --trace <file>',
    'requests: a key per line, CSV with a header (time, key), or an access log; plain, gzip or zstd; -: standard input',
    text,
  );
  return addFleetFlags(command, [1, 4, 16, 64])
    .option(...choice('--routing <way>', 'how requests find a worker', TRACE_ROUTINGS))
    .option(
      '-b, --backends <list>',
      `where entries are kept: ${SIMULATED_BACKENDS.join(', ')}`,
      namesFrom(SIMULATED_BACKENDS),
      [...SIMULATED_BACKENDS],
    )
    .option(...choice('--format <name>', 'how the trace is written', TRACE_FORMATS))
    .option(
      '--key-from <what>',
      'key of a logged request: request (method and path), path (without query), or a regular expression with a group',
      parseKeyFrom,
      'request',
    )
    .option(...choice('--time-unit <unit>', 'unit of times in CSV', Object.keys(TIME_UNITS)))
    .option('--rate <n>', 'requests per second, for a trace without times', number(0.001, 1e9))
    .option(
      '--sample <part>',
      'simulates this part of the keys, for very long traces: 0.01 is a hundredth',
      number(1e-6, 1),
      1,
    )
    .option(...FLAGS.seed, 1)
    .option(...outFlag())
    .option('--json', 'the figures on standard output, everything else on standard error')
    .option('-q, --quiet', 'no progress')
    .action((flags: SimulateFlags, command: LabCommand) => simulate(flags, command, output));
}

/** A flag that takes one of these, the first by default. */
function choice(flags: string, about: string, valid: readonly string[]) {
  return [flags, `${about}: ${valid.join(', ')}`, oneOf(valid), valid[0]] as const;
}

async function simulate(flags: SimulateFlags, command: LabCommand, output: Output): Promise<void> {
  command.refuse(outFaults(flags.out));
  const startedAt = new Date();
  const source = openTrace(flags.trace);
  const { maxEntries, sample, rate = null } = flags;
  const { timeoutSeconds } = limitsOf(flags);
  const reader = new TraceReader({ ...flags, name: source.name, requestsPerSecond: rate });
  const fleets = await runTrace({ flags, command, output }, source, reader);
  const trace = { name: source.name, reader, fleets, maxEntries, timeoutSeconds, sample };
  const { keyFrom, timeout, out, json, quiet, ...options } = flags;
  const { requests, lines, table } = reader;
  await publishComputation(
    {
      question: 'What would your own traffic do to these caches?',
      seed: flags.seed,
      options: { ...options, timeoutSeconds, rate },
      startedAt,
      ...simulationReport(trace),
      table: tableOf(askedFleets(trace), columnsOf(trace)),
      figures: { requests, lines, keys: table.size, fleets },
    },
    { flags, command, output },
  );
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
    `--sample ${flags.sample}: not one of the trace's keys is in the sample.`,
    'Use a larger --sample, or leave it out.',
  );
}

const NAME_OF = { keys: 'a key per line', csv: 'CSV', log: 'an access log' } as const;
/** Flags that would do nothing with other traces. */
const FLAGS_OF_ONE_FORMAT = [
  ['keyFrom', '--key-from', 'log'],
  ['timeUnit', '--time-unit', 'csv'],
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
  for (const [option, flag, format] of FLAGS_OF_ONE_FORMAT) {
    if (!given(option) || reader.format === format) continue;
    throw usageError(
      `${flag} says how ${NAME_OF[format]} is read, and this trace is ${NAME_OF[reader.format!]}.`,
      `Leave it out, or say --format ${format} if that is what the trace is.`,
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
    capacities: CURVE.map((multiple) => Math.max(1, Math.round(multiple * flags.maxEntries))),
    sample: flags.sample,
    seed: flags.seed,
    hashOf: (key) => reader.table.hashOf(key),
  });
}
