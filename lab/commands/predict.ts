import type { Command } from 'commander';
import { tableOf } from '../../reports/record/table.ts';
import { hotSetShares, popularityShares } from '../../scenarios/theory/popularity.ts';
import { groupShares } from '../../scenarios/theory/share-groups.ts';
import type { Fault } from '../console/errors.ts';
import { LabCommand, number, oneOf, text, wholeNumber } from '../console/flags.ts';
import { FLAGS } from '../console/options.ts';
import { outFaults, outFlag } from '../console/out-folder.ts';
import type { Output } from '../console/output.ts';
import { columnsOf, forecast } from '../forecast/forecast.ts';
import { tracedPopularity } from '../forecast/traced-popularity.ts';
import {
  addFleetFlags,
  type ComputationFlags,
  limitsOf,
  publishComputation,
} from './computation.ts';
import type { CommandContext } from './context.ts';

const LAWS = ['zipf', 'uniform', 'hot-set'] as const;

interface PredictFlags extends ComputationFlags {
  readonly popularity: (typeof LAWS)[number];
  readonly zipf: number;
  readonly hot: number;
  readonly hotShare: number;
  readonly trace?: string;
  readonly keys: number;
  readonly rate: number;
  readonly duration: number;
}

/** `predict`: what theory expects of any fleet, without starting one. */
export function defineCommand({ output }: CommandContext): Command {
  return addFleetFlags(new LabCommand('predict'), [1, 2, 4, 8, 16])
    .option(
      '--popularity <law>',
      `how often each key is requested: ${LAWS.join(', ')}`,
      oneOf(LAWS),
      'zipf',
    )
    .option(...FLAGS.zipf, 0.8)
    .option('--hot <part>', 'with hot-set: the share of the keys that is hot', number(1e-6, 1), 0.1)
    .option(
      '--hot-share <part>',
      'with hot-set: the share of requests that the hot keys get',
      number(0, 1),
      0.9,
    )
    .option(
      '-t, --trace <file>',
      'keys, popularity and rate as in this trace, in a format that simulate recognizes',
      text,
    )
    .option('-k, --keys <n>', 'distinct keys', wholeNumber(1, 10_000_000), 10_000)
    .option('--rate <n>', 'requests per second of the whole fleet', number(0.001, 1e9), 100)
    .option(
      '--duration <seconds>',
      'how long to follow the start from empty caches',
      number(0.001, 1e9),
      3600,
    )
    .option(...outFlag())
    .option('--json', 'the figures on standard output, everything else on standard error')
    .action((flags: PredictFlags, command: LabCommand) => predict(flags, command, output));
}

async function predict(flags: PredictFlags, command: LabCommand, output: Output): Promise<void> {
  command.refuse(outFaults(flags.out), lawFaults(command, flags));
  const startedAt = new Date();
  const { out, json, timeout, ...options } = flags;
  const limits = limitsOf(flags);
  const traced = flags.trace === undefined ? null : await tracedPopularity(flags.trace);
  const isRateGiven = command.getOptionValueSource('rate') === 'cli';
  const plan = {
    groups: groupShares(traced?.shares ?? sharesOf(flags)),
    requestsPerSecond: (isRateGiven ? null : traced?.requestsPerSecond) ?? flags.rate,
    limits,
    workers: flags.workers.toSorted((a, b) => a - b),
    startSeconds: flags.duration,
  };
  const { forecasts, ...said } = forecast(plan);
  await publishComputation(
    {
      question: 'What should these caches do with this traffic?',
      seed: 0,
      options: { ...options, timeoutSeconds: limits.timeoutSeconds },
      startedAt,
      ...said,
      table: tableOf(forecasts, columnsOf(plan)),
      figures: { forecasts },
    },
    { flags, command, output },
  );
}

/** p_k of the independent reference model. */
function sharesOf({ popularity, zipf, keys, hot, hotShare }: PredictFlags): Float64Array {
  if (popularity === 'hot-set') return hotSetShares(keys, { hot, hotShare });
  return popularityShares({ popularity, zipf, keys });
}

const FLAGS_OF_NO_TRACE = [
  ['popularity', '--popularity'],
  ['zipf', '--zipf'],
  ['hot', '--hot'],
  ['hotShare', '--hot-share'],
  ['keys', '--keys'],
] as const;

const FLAGS_OF_A_LAW = [
  ['zipf', '--zipf', 'zipf'],
  ['hot', '--hot', 'hot-set'],
  ['hotShare', '--hot-share', 'hot-set'],
] as const;

/** Flags that would do nothing. */
function lawFaults(command: LabCommand, { popularity, trace }: PredictFlags): Fault[] {
  if (trace !== undefined) {
    return FLAGS_OF_NO_TRACE.filter(
      ([option]) => command.getOptionValueSource(option) === 'cli',
    ).map(([, flag]) => ({
      message: `${flag} says what the traffic is, and so does --trace.`,
      remedy: 'Leave out one of them.',
    }));
  }
  return FLAGS_OF_A_LAW.filter(
    ([option, , law]) => command.getOptionValueSource(option) === 'cli' && law !== popularity,
  ).map(([, flag, law]) => ({
    message: `${flag} is for --popularity ${law}, and this is ${popularity}.`,
    remedy: `Leave it out, or say --popularity ${law}.`,
  }));
}
