import { Command, CommanderError } from 'commander';
import type { CommandContext } from './commands/context.ts';
import { describeError, EXIT, type LabError, toldError, usageError } from './console/errors.ts';
import type { Output } from './console/output.ts';
import { labVersion } from './run/environment.ts';

const EXAMPLES = `
Examples:
  npm run lab -- --workers 4                  one cache becomes four, with a report to open
  npm run lab -- --workers 1,2,4,8,16         a sweep: hit rate against the number of workers
  npm run lab -- --workers 4 --launcher pm2   the same under pm2
  npm run lab -- --workers 4 --routing fresh  a new connection for each request
  npm run lab -- --scenario all               every claim, on this machine
  npm run lab -- list                         scenarios, launchers and backends
  npm run lab -- predict --workers 1,16,1000  theory, for a fleet of any size
  npm run lab -- simulate --trace access.log  what your own traffic would do
  npm run lab -- live --open                  a live fleet for the wall, controlled by hand
  npm run lab -- course                       a course for a workshop, readable offline

"run" is the default command, so you can leave it out; "npm run lab -- run --help" lists its flags.`;

/**
 * Does what a command line says, and tells how it ended: 0; 1 the run failed; 2 the command cannot
 * be understood. Only the command that was asked for is loaded.
 */
export async function runCommandLine(
  argv: readonly string[],
  context: CommandContext,
): Promise<number> {
  const { output } = context;
  try {
    const program = await programFor(argv, context);
    await program.parseAsync(argv, { from: 'user' });
    await output.flush();
    return output.gone.aborted ? explainGone(output) : context.exitCode;
  } catch (error) {
    return explain(error, context);
  }
}

/** The commands in the order of `--help`. A new one is a file of its name, and a line here. */
const COMMANDS: Readonly<Record<string, string>> = {
  run: 'run a scenario and write its report (the default command)',
  list: 'scenarios, launchers and backends',
  report: 'render the report of a saved run again',
  compare: 'saved runs side by side, and which differences exceed chance',
  index: 'list all runs with their verdicts in index.html',
  course: 'run all scenarios and make a course of them, readable offline',
  predict: 'what theory expects of a fleet of any size; starts nothing',
  simulate: 'your own traffic through fleets of any size; starts nothing',
  live: 'a live fleet for the wall, controlled in the browser',
};

/** What `defineCommand` of the command's file makes. */
async function loadCommand(name: string, context: CommandContext): Promise<Command> {
  const file = (await import(`./commands/${name}.ts`)) as {
    defineCommand(context: CommandContext): Command;
  };
  return file.defineCommand(context);
}

/** All commands by name, for `--help`; the one that is asked for with its flags and what it does. */
async function programFor(argv: readonly string[], context: CommandContext): Promise<Command> {
  const asked = commandName(argv[0]);
  const program = new Command('lab')
    .description(
      'Shows, measures and predicts what happens to an in-process cache in several workers.',
    )
    .version(labVersion())
    .addHelpText('after', EXAMPLES);
  for (const [name, description] of Object.entries(COMMANDS)) {
    const command = name === asked ? await loadCommand(name, context) : new Command(name);
    program.addCommand(command.description(description), { isDefault: name === 'run' });
  }
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showHelpAfterError('Run with --help to see the choices.')
      .configureOutput({
        writeOut: (text) => context.output.give(text),
        writeErr: (text) => context.output.note(text),
      });
  }
  return program;
}

/**
 * The command that the first word names; without one it is `run`. `null`: the program itself is
 * asked for its help or version.
 *
 * @throws UsageError for a word that is no command
 */
function commandName(first: string | undefined): string | null {
  if (first === '--help' || first === '-h' || first === '--version' || first === '-V') return null;
  if (first === undefined || first.startsWith('-')) return 'run';
  if (first === 'help') return null;
  if (Object.hasOwn(COMMANDS, first)) return first;
  const names = [...Object.keys(COMMANDS), 'help'];
  throw usageError(
    `There is no command "${first}".`,
    `Use one of: ${names.join(', ')}; flags begin with --.`,
  );
}

/** Nobody took all that was said. A reader that closed its pipe knows; a full disk is news. */
function explainGone(output: Output): number {
  const { reason } = output.gone as { reason: LabError };
  const isClosed = (reason.cause as NodeJS.ErrnoException).code === 'EPIPE';
  if (!isClosed) output.note(describeError(reason));
  return EXIT.failed;
}

/** Says what went wrong, where commander has not done so, and gives the exit code. */
function explain(error: unknown, { output }: CommandContext): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  output.note(describeError(error));
  return toldError(error)?.exitCode ?? EXIT.failed;
}
