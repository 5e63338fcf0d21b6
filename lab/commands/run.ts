import { createServer } from 'node:net';
import path from 'node:path';
import { Command, Option } from 'commander';
import open from 'open';
import pc from 'picocolors';
import { runMarkdown, runsCsv } from '../../reports/text/run-text.ts';
import { succeeded } from '../claim-verdicts.ts';
import { requirePrograms, type ServiceAddresses } from '../fleet/programs.ts';
import { EXIT, LabError } from '../lab-error.ts';
import {
  FLAGS,
  type GivenOptions,
  givenOptions,
  hostAndPort,
  redisUrl,
  resolveOptions,
  resolveOutFolder,
  resolveScenarios,
  wholeNumber,
} from '../options.ts';
import {
  addFormats,
  type FormatFlags,
  type OutputFormat,
  outputFormat,
  printerFor,
} from '../output-format.ts';
import { createProgress } from '../progress.ts';
import {
  type PublishedRun,
  recordsOf,
  runSeries,
  type SeriesPlan,
  untilInterrupted,
} from '../run-series.ts';
import { summarize } from '../summary-json.ts';

/** Flags of a run that no scenario sees. */
interface RunFlags extends FormatFlags {
  readonly scenario: string;
  readonly out: string;
  readonly port?: number;
  readonly redis?: string;
  readonly memcached?: string;
  readonly quiet?: boolean;
  readonly open?: boolean;
}

/** `run`: one scenario or several, each with a record and a report. */
export function runCommand(): Command {
  const command = new Command('run')
    .description('run a scenario and write its report (the default command)')
    .addOption(
      new Option('-s, --scenario <list>', 'which scenarios, or "all"').default('hit-rate'),
    );
  for (const flag of Object.values(FLAGS)) command.addOption(flag());
  command
    .addOption(
      new Option('-p, --port <n>', 'port of the server; default: any free one').argParser(
        wholeNumber(1, 65_535),
      ),
    )
    .addOption(
      new Option(
        '--redis <url>',
        'a Redis that runs; default: a private one, for the run',
      ).argParser(redisUrl),
    )
    .addOption(
      new Option(
        '--memcached <host:port>',
        'a Memcached that runs; default: a private one, for the run',
      ).argParser(hostAndPort),
    )
    .option('-o, --out <folder>', 'where records and reports go', 'reports/out')
    .option('-q, --quiet', 'no progress')
    .option('--open', 'open the report in the browser');
  return addFormats(command, 'a summary').action(
    async (flags: RunFlags & Record<string, unknown>) => {
      process.exitCode = await run(flags, givenOptions(flags));
    },
  );
}

async function run(flags: RunFlags, given: GivenOptions): Promise<number> {
  const { scenario, out, port, redis, memcached, quiet, open: openIt } = flags;
  const format = outputFormat(flags);
  const services: ServiceAddresses = { redis, memcached };
  const plans = withPrograms(
    resolveScenarios(scenario).map((one) => ({
      scenario: one,
      options: resolveOptions(one, given),
    })),
    services,
    { skipping: scenario === 'all' },
  );
  const outFolder = resolveOutFolder(out);
  if (port !== undefined) await requireFreePort(port);
  const runs = await runSeries(plans, {
    outFolder,
    port: port ?? 0,
    given,
    services,
    progress: createProgress(process.stderr, { quiet: quiet ?? false }),
    print: printerFor(format),
    signal: untilInterrupted(),
  });
  process.stdout.write(summaryOf(runs, format, plans.length > 1));
  const [first] = runs;
  if (openIt && first) {
    await open(plans.length === 1 ? first.report : path.join(outFolder, 'index.html'));
  }
  const done = runs.length === plans.length && recordsOf(runs).every(succeeded);
  return done ? EXIT.ok : EXIT.failed;
}

/**
 * The plans whose services can be started. Asked for all scenarios, the lab goes on without those
 * that cannot run here, and says so; asked for one by name, it says what is missing and ends.
 */
function withPrograms(
  plans: readonly SeriesPlan[],
  services: ServiceAddresses,
  { skipping }: { skipping: boolean },
): SeriesPlan[] {
  return plans.filter(({ scenario, options }) => {
    try {
      requirePrograms(options.backends, services);
      return true;
    } catch (error) {
      if (!skipping || !(error instanceof LabError)) throw error;
      process.stderr.write(
        `${pc.yellow('Left out')}: ${scenario.name}. ${error.message} ${error.remedy}\n`,
      );
      return false;
    }
  });
}

/** What a script gets: of several runs an array as JSON, one table as CSV. */
function summaryOf(
  runs: readonly PublishedRun[],
  format: OutputFormat,
  areSeveral: boolean,
): string {
  switch (format) {
    case 'words':
      return '';
    case 'json': {
      const summaries = runs.map(summarize);
      return `${JSON.stringify(areSeveral ? summaries : (summaries[0] ?? null))}\n`;
    }
    case 'csv':
      return runsCsv(recordsOf(runs));
    case 'markdown':
      return recordsOf(runs).map(runMarkdown).join('\n');
  }
}

async function requireFreePort(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${cause.code})`;
      reject(
        new LabError(`Port ${port} ${why}.`, {
          remedy: 'Choose another --port, or leave it out to get a free one.',
          cause,
        }),
      );
    });
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve()));
  });
}
