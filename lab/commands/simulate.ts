import path from 'node:path';
import { Command } from 'commander';
import { tableOf } from '../../reports/record/table.ts';
import type { CacheLimits } from '../../scenarios/theory/cache-limits.ts';
import { publishComputation } from '../console/computation.ts';
import { usageError } from '../console/errors.ts';
import {
  Flag,
  faultsIn,
  namesFrom,
  number,
  oneOf,
  refuse,
  text,
  timeoutSeconds,
  UnusableValue,
  wholeNumbers,
} from '../console/flags.ts';
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
import type { CommandContext } from './context.ts';
import { policyFlag } from './predict.ts';
import { repeatCommand } from './repeat-command.ts';

const MOST_WORKERS = 10_000;
/** Other sizes of the caches, as multiples of --max-entries, for the curve over memory. */
const CURVE = [1 / 8, 1 / 4, 1 / 2, 2, 4, 8];

interface SimulateFlags {
  readonly trace: string;
  readonly workers: readonly number[];
  readonly routing: TraceRouting;
  readonly backends: readonly SimulatedBackend[];
  readonly maxEntries: number;
  /** Infinity: never. */
  readonly timeout: number;
  readonly cullFrequency: number;
  readonly policy: 'django' | 'lru';
  readonly format: TraceFormat;
  readonly keyFrom: KeyFrom;
  readonly timeUnit: TimeUnit;
  readonly rate?: number;
  readonly sample: number;
  readonly seed: number;
  readonly out: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `simulate`: a team's own traffic through fleets of any size. */
export function simulateCommand({ output }: CommandContext): Command {
  const choice = (flags: string, about: string, valid: readonly string[]) =>
    new Flag(flags, `${about}: ${valid.join(', ')}`, oneOf(valid)).default(valid[0]);
  return new Command('simulate')
    .addOption(
      new Flag(
        '-t, --trace <file>',
        'requests: a key per line, CSV with a header (time, key), or an access log; plain, gzip or zstd; -: standard input',
        text,
      ).makeOptionMandatory(),
    )
    .addOption(
      new Flag(
        '-w, --workers <list>',
        `numbers of workers, 1 to ${MOST_WORKERS}`,
        wholeNumbers(1, MOST_WORKERS),
      ).default([1, 4, 16, 64], '1,4,16,64'),
    )
    .addOption(choice('--routing <way>', 'how requests find a worker', TRACE_ROUTINGS))
    .addOption(
      new Flag(
        '-b, --backends <list>',
        `where entries are kept: ${SIMULATED_BACKENDS.join(', ')}`,
        namesFrom(SIMULATED_BACKENDS),
      ).default([...SIMULATED_BACKENDS], SIMULATED_BACKENDS.join(',')),
    )
    .addOption(FLAGS.maxEntries().default(300))
    .addOption(FLAGS.timeoutSeconds().default(300))
    .addOption(FLAGS.cullFrequency().default(3))
    .addOption(policyFlag())
    .addOption(choice('--format <name>', 'how the trace is written', TRACE_FORMATS))
    .addOption(
      new Flag(
        '--key-from <what>',
        'key of a logged request: request (method and path), path (without query), or a regular expression with a group',
        parseKeyFrom,
      ).default(parseKeyFrom('request'), 'request'),
    )
    .addOption(choice('--time-unit <unit>', 'unit of times in CSV', Object.keys(TIME_UNITS)))
    .addOption(
      new Flag('--rate <n>', 'requests per second, for a trace without times', number(0.001, 1e9)),
    )
    .addOption(
      new Flag(
        '--sample <part>',
        'simulates this part of the keys, for very long traces',
        part,
      ).default(1),
    )
    .addOption(FLAGS.seed().default(1))
    .addOption(outFlag())
    .option('--json', 'the figures on standard output, everything else on standard error')
    .option('-q, --quiet', 'no progress')
    .action((flags: SimulateFlags, command: Command) => simulate(flags, command, output));
}

async function simulate(flags: SimulateFlags, command: Command, output: Output): Promise<void> {
  refuse([...faultsIn(command), ...outFaults(flags.out)]);
  const startedAt = new Date();
  const source = openTrace(flags.trace);
  const { maxEntries, sample, rate = null } = flags;
  const reader = new TraceReader({ ...flags, requestsPerSecond: rate });
  const fleets = await runTrace({ flags, command, output }, source, reader);
  const timeout = timeoutSeconds(flags.timeout);
  const trace = { name: source.name, reader, fleets, maxEntries, timeoutSeconds: timeout, sample };
  const { workers, backends, keyFrom, timeout: _, out, json, quiet, ...options } = flags;
  const { requests, lines, table } = reader;
  await publishComputation(
    {
      name: 'simulate',
      question: 'What would your own traffic do to these caches?',
      claims: ['C15'],
      command: repeatCommand(command),
      seed: flags.seed,
      options: {
        ...options,
        workers: [...workers],
        backends: [...backends],
        timeoutSeconds: timeout,
        rate,
      },
      startedAt,
      ...simulationReport(trace),
    },
    {
      outFolder: path.resolve(out),
      json: json ?? false,
      output,
      table: tableOf(askedFleets(trace), columnsOf(trace)),
      figures: { requests, lines, keys: table.size, fleets },
    },
  );
}

/** Reads the trace once and runs it through all fleets on the way. */
async function runTrace(
  { flags, command, output }: { flags: SimulateFlags; command: Command; output: Output },
  source: TraceSource,
  reader: TraceReader,
) {
  const progress = flags.quiet ? null : traceProgress(output);
  let simulation: TraceSimulation | undefined;
  try {
    for await (const batch of reader.batches(source.chunks())) {
      simulation ??= startSimulation(flags, command, reader);
      simulation.run(batch);
      progress?.show({
        bytesRead: source.bytesRead(),
        bytes: source.bytes,
        requests: reader.requests,
      });
    }
  } finally {
    progress?.done();
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
  command: Command,
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
  const limits: CacheLimits = {
    maxEntries: flags.maxEntries,
    timeoutSeconds: reader.hasTimes && flags.timeout !== Infinity ? flags.timeout : null,
    cullFrequency: flags.cullFrequency,
    policy: flags.policy,
  };
  return new TraceSimulation({
    workers: [...flags.workers].sort((a, b) => a - b),
    routing: flags.routing,
    backends: flags.backends,
    limits,
    capacities: CURVE.map((multiple) => Math.max(1, Math.round(multiple * flags.maxEntries))),
    sample: flags.sample,
    seed: flags.seed,
    hashOf: (key) => reader.table.hashOf(key),
  });
}

/** A share above 0. */
function part(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value <= 1)) {
    throw new UnusableValue(
      'it needs a number above 0, up to 1: 0.01 simulates a hundredth of the keys',
    );
  }
  return value;
}
