import path from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { runMarkdown, runsCsv } from '../../reports/text/run-text.ts';
import type { ScenarioOptions } from '../../scenarios/kit/contract.ts';
import { EXIT } from '../console/errors.ts';
import {
  accepted,
  type FlagOf,
  LabCommand,
  memcachedAddress,
  redisUrl,
  text,
  wholeNumber,
} from '../console/flags.ts';
import { DEFAULTS, FLAGS, givenOptions, shownOption } from '../console/options.ts';
import { outFaults, outFlag } from '../console/out-folder.ts';
import { addFormats, type FormatFlags, formatFaults, useFormat } from '../console/output-format.ts';
import { createProgress } from '../console/progress.ts';
import { summarize } from '../console/summary-json.ts';
import { succeeded } from '../course/claim-verdicts.ts';
import { planSeries, type Series } from '../run/plan.ts';
import { machineFaults } from '../run/preflight.ts';
import { recordsOf, runSeries } from '../run/series.ts';
import type { ServiceAddresses } from '../services/programs.ts';
import type { CommandContext } from './context.ts';

/** Flags of a run that no scenario sees. */
interface RunFlags extends FormatFlags {
  readonly scenario: string;
  readonly out: string;
  readonly port?: number;
  readonly redis?: string;
  readonly memcached?: string;
  readonly python?: string;
  readonly quiet?: boolean;
  readonly open?: boolean;
}

/** `run`: one scenario or several, each with a record and a report. */
export function defineCommand(context: CommandContext): Command {
  const command = new LabCommand('run').option(
    '-s, --scenario <list>',
    'which scenarios, or "all"',
    text,
    'hit-rate',
  );
  for (const flag of Object.values(FLAGS)) command.option(...(flag as FlagOf<unknown>));
  command
    .option('-p, --port <n>', 'port of the server; default: any free one', wholeNumber(1, 65_535))
    .option('--redis <url>', 'a running Redis; default: a private one for the run', redisUrl)
    .option(
      '--memcached <host:port>',
      'a running Memcached; default: a private one for the run',
      memcachedAddress,
    )
    .option(
      '--python <path>',
      'a Python with Django and Gunicorn, for --launcher gunicorn; default: the first that has both',
      text,
    )
    .option(...outFlag())
    .option('-q, --quiet', 'show no progress')
    .option('--open', 'open the report in the browser');
  const defaults = (Object.keys(DEFAULTS) as (keyof ScenarioOptions)[])
    .filter((option) => DEFAULTS[option] !== null)
    .map((option) => shownOption(option, DEFAULTS[option]));
  command.addHelpText('after', `\nUnless the scenario has its own defaults: ${defaults.join(' ')}`);
  return addFormats(command, 'a summary').action(
    async (flags: RunFlags & Record<string, unknown>) => {
      context.exitCode = await run(accepted(flags), command, context);
    },
  );
}

async function run(
  flags: RunFlags & Record<string, unknown>,
  command: LabCommand,
  context: CommandContext,
): Promise<number> {
  const { scenario, out, port = 0, redis, memcached, python, open: openIt } = flags;
  const services: ServiceAddresses = { redis, memcached };
  const series = await planSeries(scenario, givenOptions(flags), services);
  command.refuse(formatFaults(flags), series.faults, outFaults(out));
  command.refuse(await machineFaults(series.plans, { port, services, python }));
  const format = useFormat(flags, context.output);
  const { runs, records, allGood } = await runAll(series, { ...flags, services }, context);
  const several = series.plans.length > 1;
  const summaries = runs.map(summarize);
  const said = {
    json: () => `${JSON.stringify(several ? summaries : (summaries[0] ?? null))}\n`,
    csv: () => runsCsv(records),
    markdown: () => records.map(runMarkdown).join('\n'),
  };
  if (format) context.output.give(said[format]());
  const [first] = runs;
  if (openIt && first) {
    const { default: open } = await import('open');
    await open(several ? path.resolve(out, 'index.html') : first.report);
  }
  return allGood ? EXIT.ok : EXIT.failed;
}

/** Says what had to be left out, runs the rest, and tells whether all came to a good end. */
export async function runAll(
  { plans, notices }: Pick<Series, 'plans' | 'notices'>,
  {
    out,
    port = 0,
    services,
    python,
    quiet = false,
  }: Partial<RunFlags> & { out: string; services?: ServiceAddresses },
  context: CommandContext,
) {
  const { output } = context;
  for (const notice of notices) output.note(`${pc.yellow('Note')}: ${notice}\n`);
  const runs = await runSeries(plans, {
    ...context,
    outFolder: path.resolve(out),
    port,
    services,
    python,
    progress: createProgress(output, { quiet }),
    signal: context.interrupted(),
  });
  const records = recordsOf(runs);
  const allGood =
    runs.length === plans.length &&
    runs.every(({ error }) => error === null) &&
    records.every(succeeded);
  return { runs, records, allGood };
}
