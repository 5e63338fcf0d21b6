import path from 'node:path';
import { Command } from 'commander';
import { tableOf } from '../../reports/record/table.ts';
import type { Popularity } from '../../reports/record/vocabulary.ts';
import { popularityShares } from '../../scenarios/theory/popularity.ts';
import { groupShares } from '../../scenarios/theory/share-groups.ts';
import { publishComputation } from '../console/computation.ts';
import {
  Flag,
  faultsIn,
  number,
  oneOf,
  refuse,
  timeoutSeconds,
  wholeNumber,
  wholeNumbers,
} from '../console/flags.ts';
import { FLAGS } from '../console/options.ts';
import { outFaults, outFlag } from '../console/out-folder.ts';
import type { Output } from '../console/output.ts';
import { columnsOf, forecast } from '../forecast/forecast.ts';
import type { CommandContext } from './context.ts';
import { repeatCommand } from './repeat-command.ts';

/** Formulas have no processes to start, so far more workers than a laptop would bear. */
const MOST_WORKERS = 10_000;

interface PredictFlags {
  readonly workers: readonly number[];
  readonly popularity: Popularity;
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
export function predictCommand({ output }: CommandContext): Command {
  return new Command('predict')
    .addOption(
      new Flag(
        '-w, --workers <list>',
        `numbers of workers, 1 to ${MOST_WORKERS}`,
        wholeNumbers(1, MOST_WORKERS),
      ).default([1, 2, 4, 8, 16], '1,2,4,8,16'),
    )
    .addOption(
      new Flag(
        '--popularity <law>',
        'how often each key is asked for: zipf, uniform',
        oneOf(['zipf', 'uniform']),
      ).default('zipf'),
    )
    .addOption(FLAGS.zipf().default(0.8))
    .addOption(
      new Flag('-k, --keys <n>', 'different keys', wholeNumber(1, 10_000_000)).default(10_000),
    )
    .addOption(
      new Flag('--rate <n>', 'requests per second of the whole fleet', number(0.001, 1e9)).default(
        100,
      ),
    )
    .addOption(FLAGS.maxEntries().default(300))
    .addOption(FLAGS.timeoutSeconds().default(300))
    .addOption(FLAGS.cullFrequency().default(3))
    .addOption(policyFlag())
    .addOption(
      new Flag(
        '--duration <seconds>',
        'how long the start from empty caches is followed',
        number(0.001, 1e9),
      ).default(3600),
    )
    .addOption(outFlag())
    .option('--json', 'the figures on standard output, everything else on standard error')
    .action((flags: PredictFlags, command: Command) => predict(flags, command, output));
}

/** `--policy`: what a full cache drops. */
export function policyFlag(): Flag {
  return new Flag(
    '--policy <name>',
    'django: a full cache culls a batch; lru: it drops one entry',
    oneOf(['django', 'lru']),
  ).default('django') as Flag;
}

async function predict(flags: PredictFlags, command: Command, output: Output): Promise<void> {
  refuse([...faultsIn(command), ...outFaults(flags.out)]);
  const startedAt = new Date();
  const { out, json, workers, timeout, ...options } = flags;
  const limits = { ...options, timeoutSeconds: timeoutSeconds(timeout) };
  const plan = {
    groups: groupShares(popularityShares(flags)),
    requestsPerSecond: flags.rate,
    limits,
    workers: workers.toSorted((a, b) => a - b),
    startSeconds: flags.duration,
  };
  const { forecasts, ...said } = forecast(plan);
  await publishComputation(
    {
      name: 'predict',
      question: 'What should these caches do, with this traffic?',
      claims: ['C15'],
      command: repeatCommand(command),
      seed: 0,
      options: { ...options, workers: [...workers], timeoutSeconds: limits.timeoutSeconds },
      startedAt,
      ...said,
    },
    {
      outFolder: path.resolve(out),
      json: json ?? false,
      output,
      table: tableOf(forecasts, columnsOf(plan)),
      figures: { forecasts },
    },
  );
}
