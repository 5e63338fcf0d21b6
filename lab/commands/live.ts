import path from 'node:path';
import type { Command } from 'commander';
import type { ScenarioOptions } from '../../scenarios/kit/contract.ts';
import { EXIT, type Fault } from '../console/errors.ts';
import {
  accepted,
  type FlagOf,
  LabCommand,
  memcachedAddress,
  redisUrl,
  wholeNumber,
} from '../console/flags.ts';
import { DEFAULTS, FLAGS, givenOptions, shownOption } from '../console/options.ts';
import { outFaults, outFlag } from '../console/out-folder.ts';
import { runLive } from '../live/run-live.ts';
import {
  choicesHere,
  LIVE_LAUNCHERS,
  MOST_KEYS,
  MOST_WORKERS,
  refusalOf,
} from '../live/setting.ts';
import type { ServiceAddresses } from '../services/programs.ts';
import type { CommandContext } from './context.ts';

/** Flags of the live view that no fleet sees. */
interface LiveFlags {
  readonly port?: number;
  readonly pagePort?: number;
  readonly redis?: string;
  readonly memcached?: string;
  readonly out: string;
  readonly audience?: boolean;
  readonly open?: boolean;
}

/** What is different from a run: a stream can be followed by eye, and does not end. */
const LIVE_DEFAULTS: ScenarioOptions = { ...DEFAULTS, ratePerSecond: 20 };
const {
  requests: _requests,
  rounds: _rounds,
  gunicornClass: _gunicornClass,
  threads: _threads,
  ...LIVE_FLAGS
} = FLAGS;

/** `live`: a fleet on the wall, steered by hand, until Ctrl-C. */
export function defineCommand(context: CommandContext): Command {
  const command = new LabCommand('live');
  for (const flag of Object.values(LIVE_FLAGS)) command.option(...(flag as FlagOf<unknown>));
  return command
    .option('-p, --port <n>', 'port of the fleet; default: any free one', wholeNumber(1, 65_535))
    .option('--page-port <n>', 'port of the page; default: any free one', wholeNumber(1, 65_535))
    .option('--redis <url>', 'a running Redis; default: a private one', redisUrl)
    .option(
      '--memcached <host:port>',
      'a running Memcached; default: a private one',
      memcachedAddress,
    )
    .option(...outFlag('where Save puts records and reports'))
    .option('--audience', 'let phones on the same network take part')
    .option('--open', 'open the presenter’s page in the browser')
    .addHelpText(
      'after',
      `\nWithout --rate: ${LIVE_DEFAULTS.ratePerSecond} requests per second; change it on the page.`,
    )
    .action(async (flags: LiveFlags & Record<string, unknown>, own: LabCommand) => {
      context.exitCode = await live(accepted(flags), own, context);
    });
}

async function live(
  flags: LiveFlags & Record<string, unknown>,
  command: LabCommand,
  context: CommandContext,
): Promise<number> {
  const { redis, memcached, out, port = 0, pagePort = 0, audience = false, open = false } = flags;
  const services: ServiceAddresses = { redis, memcached };
  const options = { ...LIVE_DEFAULTS, ...givenOptions(flags) };
  command.refuse(settingFaults(options, services), outFaults(out));
  await runLive({
    ...context,
    ...{ options, services, port, pagePort, audience, open },
    outFolder: path.resolve(out),
    command: `npm run lab -- live ${repeated(options)}`,
    signal: context.interrupted(),
  });
  return EXIT.ok;
}

/** One fleet at a time, and no more of anything than a wall can show. */
function settingFaults(options: ScenarioOptions, services: ServiceAddresses): Fault[] {
  const { workers, launchers, backends, keys } = options;
  const faults: Fault[] = [];
  const add = (message: string, remedy: string) => faults.push({ message, remedy });
  if (workers.length !== 1 || workers[0]! > MOST_WORKERS)
    add(
      `--workers ${workers.join(',')}: the live view shows one fleet of 1 to ${MOST_WORKERS} workers.`,
      'Give one number; more workers can be chosen on the page.',
    );
  if (backends.length !== 1)
    add(
      `--backends ${backends.join(',')}: the live view shows one backend at a time.`,
      'Give one; another can be chosen on the page.',
    );
  const [launcher] = launchers;
  if (launchers.length !== 1 || !LIVE_LAUNCHERS.some((one) => one === launcher))
    add(
      `--launcher ${launchers.join(',')}: the live view shows one fleet of the lab's own server.`,
      `Give one of: ${LIVE_LAUNCHERS.join(', ')}.`,
    );
  if (keys > MOST_KEYS)
    add(
      `--keys ${keys}: each key is a cell on the wall, and there is room for ${MOST_KEYS}.`,
      `Use --keys ${MOST_KEYS} or fewer.`,
    );
  const whyNot = refusalOf({ backend: backends[0]! }, choicesHere(services));
  if (whyNot) add(`--backends ${backends[0]}: it cannot be used here.`, whyNot);
  return faults;
}

/** The flags that show the same again. */
function repeated(options: ScenarioOptions): string {
  const names = Object.keys(LIVE_FLAGS) as (keyof typeof LIVE_FLAGS)[];
  return names.map((name) => shownOption(name, options[name])).join(' ');
}
