import { Command, Option } from 'commander';
import pc from 'picocolors';
import { groupShares } from '../../scenarios/theory/share-groups.ts';
import { FLAGS, number, resolveOutFolder, wholeNumber, wholeNumbers } from '../console/options.ts';
import { shown } from '../console/shown-path.ts';
import { terminalTable } from '../console/table.ts';
import { type ForecastReport, forecastReport } from '../forecast/forecast-report.ts';
import { writeComputation } from '../run/computed-record.ts';
import { popularityShares } from '../traffic/workload.ts';
import { repeatCommand } from './repeat-command.ts';

/** Formulas have no processes to start, so far more workers than a laptop would bear. */
const MOST_WORKERS = 10_000;

interface PredictFlags {
  readonly workers: readonly number[];
  readonly popularity: 'zipf' | 'uniform';
  readonly zipf: number;
  readonly keys: number;
  readonly rate: number;
  readonly maxEntries: number;
  /** Infinity: never. */
  readonly timeout: number;
  readonly cullFrequency: number;
  readonly policy: 'django' | 'lru';
  readonly duration: number;
  readonly out: string;
  readonly json?: boolean;
}

/** `predict`: what theory expects of any fleet, without starting one. */
export function predictCommand(): Command {
  return new Command('predict')
    .description('what theory expects of a fleet of any size; starts nothing')
    .addOption(
      new Option('-w, --workers <list>', `numbers of workers, 1 to ${MOST_WORKERS}`)
        .argParser(wholeNumbers(1, MOST_WORKERS))
        .default([1, 2, 4, 8, 16], '1,2,4,8,16'),
    )
    .addOption(
      new Option('--popularity <law>', 'how often each key is asked for')
        .choices(['zipf', 'uniform'])
        .default('zipf'),
    )
    .addOption(FLAGS.zipf().default(0.8))
    .addOption(
      new Option('-k, --keys <n>', 'different keys')
        .argParser(wholeNumber(1, 10_000_000))
        .default(10_000),
    )
    .addOption(
      new Option('--rate <n>', 'requests per second of the whole fleet')
        .argParser(number(0.001, 1e9))
        .default(100),
    )
    .addOption(FLAGS.maxEntries().default(300))
    .addOption(FLAGS.timeoutSeconds().default(300))
    .addOption(FLAGS.cullFrequency().default(3))
    .addOption(
      new Option('--policy <name>', 'django: a full cache culls a batch; lru: it drops one entry')
        .choices(['django', 'lru'])
        .default('django'),
    )
    .addOption(
      new Option('--duration <seconds>', 'how long the start from empty caches is followed')
        .argParser(number(0.001, 1e9))
        .default(3600),
    )
    .option('-o, --out <folder>', 'where records and reports go', 'reports/out')
    .option('--json', 'the figures on standard output, everything else on standard error')
    .action((flags: PredictFlags, command: Command) => predict(flags, repeatCommand(command)));
}

async function predict(flags: PredictFlags, command: string): Promise<void> {
  const startedAt = new Date();
  const outFolder = resolveOutFolder(flags.out);
  const limits = {
    maxEntries: flags.maxEntries,
    timeoutSeconds: flags.timeout === Infinity ? null : flags.timeout,
    cullFrequency: flags.cullFrequency,
    policy: flags.policy,
  };
  const report = forecastReport({
    groups: groupShares(popularityShares(flags)),
    requestsPerSecond: flags.rate,
    limits,
    workers: [...flags.workers].sort((a, b) => a - b),
    startSeconds: flags.duration,
  });
  const { out, json, workers, timeout, ...options } = flags;
  const paths = await writeComputation(outFolder, {
    name: 'predict',
    question: 'What should these caches do, with this traffic?',
    claims: ['C15'],
    command,
    seed: 0,
    options: { ...options, workers: [...workers], timeoutSeconds: limits.timeoutSeconds },
    startedAt,
    ...report,
  });
  const print = (text: string) => (json ? process.stderr : process.stdout).write(text);
  print(`${tableOf(report)}\n\n`);
  for (const { message, remedy } of report.warnings) {
    print(`${pc.yellow('Warning')}: ${message} ${remedy}\n\n`);
  }
  print(`${report.verdict.sentence}\n\n`);
  print(`Report   ${shown(paths.report)}\nRecord   ${shown(paths.record)}\nRepeat   ${command}\n`);
  if (json) {
    const { forecasts, verdict } = report;
    process.stdout.write(`${JSON.stringify({ verdict, forecasts, ...paths })}\n`);
  }
}

/** The report's own table of figures, for the terminal. */
function tableOf({ exhibits }: ForecastReport): string {
  const figures = exhibits.find((exhibit) => exhibit.kind === 'table')!;
  return terminalTable(
    figures.columns.map((column) => column.replaceAll(/ (?!%)/g, '\n')),
    figures.columns.map(() => 'right'),
    figures.rows.map((row) => row.map((cell) => terminalFigure(Number(cell)))),
  );
}

function terminalFigure(value: number): string {
  const digits = Number.isInteger(value) ? 0 : Math.abs(value) < 10 ? 2 : 1;
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
