import { statSync } from 'node:fs';
import path from 'node:path';
import { type Command, Option } from 'commander';
import pc from 'picocolors';
import { EXIT, usageError } from '../console/errors.ts';
import { LabCommand } from '../console/flags.ts';
import { outFaults, outFlag } from '../console/out-folder.ts';
import { shown } from '../console/shown-path.ts';
import { laidOver, newestRecords, writeCourse } from '../course/course.ts';
import { checkMachine, type MachineCheck } from '../course/machine-check.ts';
import { planRun, planSeries } from '../run/plan.ts';
import { machineFaults } from '../run/preflight.ts';
import type { CommandContext } from './context.ts';
import { runAll } from './run.ts';

interface CourseFlags {
  readonly check?: boolean;
  readonly from?: string;
  readonly scenario: string;
  readonly out: string;
  readonly brief?: boolean;
  readonly quiet?: boolean;
  readonly open?: boolean;
}

/** `course`: all scenarios, and the pages that teach with them. */
export function defineCommand(context: CommandContext): Command {
  return new LabCommand('course')
    .option('--check', 'only check whether this machine is ready for the course')
    .option('--from <folder>', 'run nothing: use the newest run of each scenario in this folder')
    .addOption(
      new Option('-s, --scenario <list>', 'run only these; take the others from earlier runs')
        .default('all')
        .conflicts('from'),
    )
    .addOption(
      new Option('--brief', 'smaller runs, to look at the pages, not to teach from').conflicts(
        'from',
      ),
    )
    .option(...outFlag('where records go, and the course, in its own folder'))
    .option('-q, --quiet', 'show no progress')
    .option('--open', 'open the course in the browser')
    .action(async (flags: CourseFlags, command: LabCommand) => {
      if (!flags.check) command.refuse(outFaults(flags.out));
      context.exitCode = await (flags.check ? check(context) : course(flags, command, context));
    });
}

async function course(
  flags: CourseFlags,
  command: LabCommand,
  context: CommandContext,
): Promise<number> {
  const { records, allGood } =
    flags.from === undefined ? await runLessons(flags, command, context) : savedLessons(flags.from);
  const front = await writeCourse(path.resolve(flags.out), records);
  context.output.say(`Course   ${shown(front)}\n`);
  if (flags.open) await (await import('open')).default(front);
  return allGood ? EXIT.ok : EXIT.failed;
}

/** Runs lessons; those that are not run come from the newest earlier run. */
async function runLessons(flags: CourseFlags, command: LabCommand, context: CommandContext) {
  const { plans, notices, faults } = await planSeries(flags.scenario, {}, {});
  command.refuse(faults, await machineFaults(plans, { port: 0, services: {} }));
  // The short ones are those that the tests make.
  const brief = plans.map(({ scenario }) => planRun(scenario, { ...scenario.quick }));
  const earlier = newestRecords(path.resolve(flags.out));
  const series = { plans: flags.brief ? brief : plans, notices };
  const { records, allGood } = await runAll(series, flags, context);
  return { records: laidOver(earlier, records), allGood };
}

function savedLessons(folder: string) {
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory();
  const records = isFolder ? newestRecords(folder) : [];
  if (records.length === 0) {
    throw usageError(
      `--from ${folder}: it holds no run of any scenario.`,
      'Name a folder that holds the folders of runs, such as reports/out.',
    );
  }
  return { records, allGood: true };
}

/** Plain words about this machine; 1 where something is missing that every lesson needs. */
async function check({ output }: CommandContext): Promise<number> {
  const checks = await checkMachine();
  output.say(`${checks.map(describe).join('\n')}\n\n`);
  const bad = checks.filter(({ state }) => state === 'bad');
  output.say(
    bad.length === 0
      ? `${pc.green('This machine is ready.')} Try: npm run lab -- --workers 4\n`
      : `${pc.red('This machine is not ready')}: ${bad.map(({ name }) => name).join(', ')}.\n`,
  );
  return bad.length === 0 ? EXIT.ok : EXIT.failed;
}

const SIGNS: Record<MachineCheck['state'], string> = {
  good: pc.green('✔'),
  doubt: pc.yellow('!'),
  missing: pc.dim('–'),
  bad: pc.red('✘'),
};

function describe({ name, state, said, remedy }: MachineCheck): string {
  return `${SIGNS[state]} ${name.padEnd(10)} ${said}${remedy ? `\n  ${' '.repeat(10)} ${remedy}` : ''}`;
}
