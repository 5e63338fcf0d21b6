import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { compareCommand } from './commands/compare.ts';
import { courseCommand } from './commands/course.ts';
import { listCommand } from './commands/list.ts';
import { predictCommand } from './commands/predict.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { indexCommand } from './commands/run-index.ts';
import { simulateCommand } from './commands/simulate.ts';
import { EXIT, LabError, usageError } from './console/errors.ts';
import { labVersion } from './run/environment.ts';

const EXAMPLES = `
Examples:
  npm run lab -- --workers 4                  one cache becoming four, with a report to open
  npm run lab -- --workers 1,2,4,8,16         a sweep: hit rate against the number of workers
  npm run lab -- --workers 4 --launcher pm2   the same under pm2
  npm run lab -- --workers 4 --routing fresh  a new connection for each request
  npm run lab -- --scenario all               every claim, on this machine
  npm run lab -- list                         scenarios, launchers and backends
  npm run lab -- predict --workers 1,16,1000  theory, at the size of a real fleet
  npm run lab -- simulate --trace access.log  what your own traffic would do
  npm run lab -- course                       a course for a workshop, to be read offline

"run" is the default command and may be left out; "npm run lab -- run --help" lists its flags.`;

/** The only place that exits: 0; 1 the run failed; 2 the command cannot be understood. */
async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('lab')
    .description(
      'Shows, measures and predicts what happens to an in-process cache in several workers.',
    )
    .version(labVersion())
    .addHelpText('after', EXAMPLES);
  const run = runCommand();
  program.addCommand(run, { isDefault: true });
  const others = [
    listCommand(),
    reportCommand(),
    compareCommand(),
    indexCommand(),
    courseCommand(),
    predictCommand(),
    simulateCommand(),
    // One line each, so that --help has them in this order.
  ];
  for (const command of others) program.addCommand(command);
  for (const command of [program, ...program.commands]) {
    command.exitOverride().showHelpAfterError('Run with --help to see what there is.');
  }
  try {
    requireKnownCommand(program, argv[0]);
    await program.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    return explain(error);
  }
}

/** What is not a command would otherwise be taken for an argument of the default one. */
function requireKnownCommand(program: Command, first: string | undefined): void {
  const names = [...program.commands.map((command) => command.name()), 'help'];
  if (first === undefined || first.startsWith('-') || names.includes(first)) return;
  throw usageError(
    `There is no command "${first}".`,
    `Use one of: ${names.join(', ')}; flags begin with --.`,
  );
}

/** Says what went wrong, for a person; a stack only where the lab itself is at fault. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof LabError) {
    process.stderr.write(`${pc.red('error')}: ${error.message}\n${error.remedy}\n`);
    return error.exitCode;
  }
  process.stderr.write(`${pc.red('error')}: the lab itself failed; please report this.\n`);
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return EXIT.failed;
}

// A reader that has seen enough, as `| head` does, closes the pipe: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.ok);
});

const exitCode = await main(process.argv.slice(2));
// A pipe takes 64 KiB at once; what its reader has not taken yet would be lost with this process.
for (const stream of [process.stdout, process.stderr]) {
  await new Promise((resolve) => stream.write('', resolve));
}
process.exit(exitCode);
