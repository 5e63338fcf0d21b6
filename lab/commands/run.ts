import { createServer } from 'node:net';
import { Command, Option } from 'commander';
import open from 'open';
import pc from 'picocolors';
import type { Scenario, ScenarioOptions } from '../../scenarios/scenario.ts';
import { withoutPassword } from '../experiment/arm-service.ts';
import { type RunResult, runScenario } from '../experiment/run.ts';
import type { ServiceAddresses } from '../fleet/programs.ts';
import { EXIT, LabError } from '../lab-error.ts';
import {
  FLAGS,
  flagOf,
  type GivenOptions,
  givenOptions,
  hostAndPort,
  redisUrl,
  resolveOptions,
  resolveOutFolder,
  resolveScenarios,
  wholeNumber,
} from '../options.ts';
import { createProgress } from '../progress.ts';
import { publish } from '../publish.ts';
import { shown } from '../shown-path.ts';
import { summarize } from '../summary-json.ts';
import { describeRun } from '../terminal.ts';

/** Flags of a run that no scenario sees. */
interface RunFlags {
  readonly scenario: string;
  readonly out: string;
  readonly port?: number;
  readonly redis?: string;
  readonly memcached?: string;
  readonly json?: boolean;
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
  return command
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
    .option('--json', 'a summary on standard output, everything else on standard error')
    .option('-q, --quiet', 'no progress')
    .option('--open', 'open the report in the browser')
    .action(async (flags: RunFlags & Record<string, unknown>) => {
      process.exitCode = await run(flags, givenOptions(flags));
    });
}

async function run(flags: RunFlags, given: GivenOptions): Promise<number> {
  const { scenario, out, port, redis, memcached, json, quiet, open: openIt } = flags;
  const services: ServiceAddresses = { redis, memcached };
  const plans = resolveScenarios(scenario).map((one) => ({
    scenario: one,
    options: resolveOptions(one, given),
  }));
  const outFolder = resolveOutFolder(out);
  if (port !== undefined) await requireFreePort(port);
  const progress = createProgress(process.stderr, { quiet: quiet ?? false });
  const print = (text: string) => (json ? process.stderr : process.stdout).write(text);
  const signal = untilInterrupted();
  const summaries: unknown[] = [];
  let failed = false;
  for (const plan of plans) {
    const result = await runScenario({
      ...plan,
      outFolder,
      port: port ?? 0,
      services,
      command: repeatCommand(plan.scenario, plan.options, { given, port, services }),
      startedAt: new Date(),
      progress,
      signal,
    });
    const report = await publish(outFolder, result.record);
    print(
      describeRun(result.record, {
        record: shown(result.recordFile),
        report: shown(report),
      }),
    );
    summaries.push(summarize(result, report));
    failed ||= !succeeded(result);
    if (result.error !== null) explainFailure(result.error);
    if (signal.aborted) break;
    if (openIt) await open(report);
  }
  if (json)
    process.stdout.write(`${JSON.stringify(plans.length === 1 ? summaries[0] : summaries)}\n`);
  return failed ? EXIT.failed : EXIT.ok;
}

/** A failing audit is a failing run. */
function succeeded({ record }: RunResult): boolean {
  const audited = record.arms.every((arm) => arm.phases.every((phase) => phase.audit.clean));
  return record.status === 'complete' && audited && record.verdict?.agreement !== 'disagrees';
}

function explainFailure(error: unknown): void {
  const known = error instanceof LabError;
  const remedy = known ? error.remedy : 'The lab itself failed; please report this:';
  const stack = known || !(error instanceof Error) ? '' : `${error.stack}\n`;
  process.stderr.write(
    `${pc.red('error')}: ${known ? error.message : String(error)}\n${remedy}\n${stack}`,
  );
}

/**
 * Ctrl-C ends the run in order: the fleet stops, what was measured is kept. npm passes the signal
 * on a second time, so repeats are ignored; the ending has limits of its own.
 */
function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () =>
      controller.abort(
        new LabError(`The run was interrupted (${signal}).`, {
          remedy: 'Arms that were measured are in the record.',
        }),
      ),
    );
  }
  return controller.signal;
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

/** What was given, and the seed, so that the same run comes out again. */
function repeatCommand(
  scenario: Scenario,
  options: ScenarioOptions,
  {
    given,
    port,
    services,
  }: { given: GivenOptions; port: number | undefined; services: ServiceAddresses },
): string {
  const fields = new Set([...Object.keys(given), 'seed'] as (keyof ScenarioOptions)[]);
  const flags = [...fields].map((field) => `${flagOf(field)} ${flagText(options[field])}`);
  if (port !== undefined) flags.push(`--port ${port}`);
  for (const [kind, address] of Object.entries(services)) {
    if (address !== undefined) flags.push(`--${kind} ${withoutPassword(address)}`);
  }
  return `npm run lab -- --scenario ${scenario.name} ${flags.join(' ')}`;
}

function flagText(value: ScenarioOptions[keyof ScenarioOptions]): string {
  if (value === null) return 'never';
  return Array.isArray(value) ? value.join(',') : String(value);
}
