import { Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import type { CacheLimits } from '../../scenarios/theory/model-cache.ts';
import { usageError } from '../console/errors.ts';
import { FLAGS, namesFrom, number, resolveOutFolder, wholeNumbers } from '../console/options.ts';
import { shown } from '../console/shown-path.ts';
import { terminalTable } from '../console/table.ts';
import { TraceProgress } from '../console/trace-progress.ts';
import { writeComputation } from '../run/computed-record.ts';
import {
  SIMULATED_BACKENDS,
  type SimulatedBackend,
  SPREADS,
  type Spread,
  TraceSimulation,
} from '../simulate/simulate.ts';
import {
  askedFleets,
  errorPoints,
  originRate,
  type SimulatedTrace,
  simulatedHitRate,
  simulationReport,
} from '../simulate/simulation-report.ts';
import { TIME_UNITS, type TimeUnit } from '../simulate/trace/csv-format.ts';
import { parseKeyFrom } from '../simulate/trace/log-format.ts';
import { TRACE_FORMATS, type TraceFormat, TraceReader } from '../simulate/trace/trace-reader.ts';
import { openTrace, type TraceSource } from '../simulate/trace/trace-source.ts';
import { repeatCommand } from './repeat-command.ts';

const MOST_WORKERS = 10_000;
/** Other sizes of the caches, as multiples of --max-entries, for the curve over memory. */
const CURVE = [1 / 8, 1 / 4, 1 / 2, 2, 4, 8];

interface SimulateFlags {
  readonly trace: string;
  readonly workers: readonly number[];
  readonly routing: Spread;
  readonly backends: readonly SimulatedBackend[];
  readonly maxEntries: number;
  /** Infinity: never. */
  readonly timeout: number;
  readonly cullFrequency: number;
  readonly policy: 'django' | 'lru';
  readonly format: TraceFormat;
  readonly keyFrom: string;
  readonly timeUnit: TimeUnit;
  readonly rate?: number;
  readonly sample: number;
  readonly seed: number;
  readonly out: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `simulate`: a team's own traffic through fleets of any size. */
export function simulateCommand(): Command {
  const choice = (flags: string, about: string, valid: readonly string[]) =>
    new Option(flags, about).choices([...valid]).default(valid[0]);
  return new Command('simulate')
    .description('your own traffic through fleets of any size; starts nothing')
    .requiredOption(
      '-t, --trace <file>',
      'requests: a key per line, CSV with a header (time, key), or an access log; plain, gzip or zstd; -: standard input',
    )
    .addOption(
      new Option('-w, --workers <list>', `numbers of workers, 1 to ${MOST_WORKERS}`)
        .argParser(wholeNumbers(1, MOST_WORKERS))
        .default([1, 4, 16, 64], '1,4,16,64'),
    )
    .addOption(choice('--routing <way>', 'how requests find a worker', SPREADS))
    .addOption(
      new Option(
        '-b, --backends <list>',
        `where entries are kept: ${SIMULATED_BACKENDS.join(', ')}`,
      )
        .argParser(namesFrom(SIMULATED_BACKENDS))
        .default([...SIMULATED_BACKENDS], SIMULATED_BACKENDS.join(',')),
    )
    .addOption(FLAGS.maxEntries().default(300))
    .addOption(FLAGS.timeoutSeconds().default(300))
    .addOption(FLAGS.cullFrequency().default(3))
    .addOption(
      choice('--policy <name>', 'django: a full cache culls a batch; lru: it drops one entry', [
        'django',
        'lru',
      ]),
    )
    .addOption(choice('--format <name>', 'how the trace is written', TRACE_FORMATS))
    .option(
      '--key-from <what>',
      'key of a logged request: request (method and path), path (without query), or a regular expression with a group',
      'request',
    )
    .addOption(choice('--time-unit <unit>', 'unit of times in CSV', Object.keys(TIME_UNITS)))
    .addOption(
      new Option('--rate <n>', 'requests per second, for a trace without times').argParser(
        number(0.001, 1e9),
      ),
    )
    .addOption(
      new Option('--sample <part>', 'simulates this part of the keys, for very long traces')
        .argParser(part)
        .default(1),
    )
    .addOption(FLAGS.seed().default(1))
    .option('-o, --out <folder>', 'where records and reports go', 'reports/out')
    .option('--json', 'the figures on standard output, everything else on standard error')
    .option('-q, --quiet', 'no progress')
    .action((flags: SimulateFlags, command: Command) => simulate(flags, command));
}

async function simulate(flags: SimulateFlags, command: Command): Promise<void> {
  const startedAt = new Date();
  const outFolder = resolveOutFolder(flags.out);
  const source = openTrace(flags.trace);
  const reader = new TraceReader({
    format: flags.format,
    keyFrom: parseKeyFrom(flags.keyFrom),
    timeUnit: flags.timeUnit,
    requestsPerSecond: flags.rate ?? null,
    sample: flags.sample,
  });
  const fleets = await runTrace(flags, command, source, reader);
  const timeoutSeconds = flags.timeout === Infinity ? null : flags.timeout;
  const { maxEntries, sample } = flags;
  const trace = { name: source.name, reader, fleets, maxEntries, timeoutSeconds, sample };
  const report = simulationReport(trace);
  const { out, json, quiet, rate = null, timeout, ...options } = flags;
  const repeat = repeatCommand(command);
  const paths = await writeComputation(outFolder, {
    name: 'simulate',
    question: 'What would your own traffic do to these caches?',
    claims: ['C15'],
    command: repeat,
    seed: flags.seed,
    options: {
      ...options,
      workers: [...flags.workers],
      backends: [...flags.backends],
      timeoutSeconds,
      rate,
    },
    startedAt,
    ...report,
  });
  const print = (text: string) => (json ? process.stderr : process.stdout).write(text);
  print(`${tableOf(trace)}\n\n`);
  for (const { message, remedy } of report.warnings) {
    print(`${pc.yellow('Warning')}: ${message} ${remedy}\n\n`);
  }
  print(`${report.verdict.sentence}\n\n`);
  print(`Report   ${shown(paths.report)}\nRecord   ${shown(paths.record)}\nRepeat   ${repeat}\n`);
  if (json) {
    const { requests, lines } = reader;
    const summary = { verdict: report.verdict, requests, lines, keys: reader.table.size, fleets };
    process.stdout.write(`${JSON.stringify({ ...summary, ...paths })}\n`);
  }
}

/** Reads the trace once and runs it through all fleets on the way. */
async function runTrace(
  flags: SimulateFlags,
  command: Command,
  source: TraceSource,
  reader: TraceReader,
) {
  const progress = flags.quiet ? null : new TraceProgress(process.stderr);
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

function part(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value <= 1)) {
    throw new InvalidArgumentError(
      'It needs a number above 0, up to 1: 0.01 simulates a hundredth of the keys.',
    );
  }
  return value;
}

function tableOf(trace: SimulatedTrace): string {
  const sampled = trace.sample < 1;
  const head = ['workers', 'cache', 'entries', 'hit rate', 'misses', 'origin queries/s'];
  if (sampled) head.push('error');
  const rows = askedFleets(trace).map((fleet) => {
    const rate = originRate(trace, fleet);
    const row = [
      fleet.workers,
      fleet.shared ? 'one, shared' : 'one each',
      fleet.maxEntries.toLocaleString('en-US'),
      `${(100 * simulatedHitRate(trace, fleet)).toFixed(1)} %`,
      fleet.misses.toLocaleString('en-US'),
      rate === null ? '–' : rate.toLocaleString('en-US', { maximumSignificantDigits: 4 }),
    ];
    if (sampled) row.push(`± ${errorPoints(trace, fleet).toFixed(1)}`);
    return row;
  });
  return terminalTable(
    head,
    head.map((_, column) => (column === 1 ? 'left' : 'right')),
    rows,
  );
}
