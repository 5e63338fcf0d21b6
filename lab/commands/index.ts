import type { Command } from 'commander';
import type { CommandContext } from './context.ts';

/** A command: a line in `--help`, and the module that is loaded when it is asked for. */
interface LazyCommand {
  readonly description: string;
  load(context: CommandContext): Promise<Command>;
}

/** The commands in the order of `--help`. A new one is a file and an entry here. */
export const COMMANDS: Readonly<Record<string, LazyCommand>> = {
  run: {
    description: 'run a scenario and write its report (the default command)',
    load: async (context) => (await import('./run.ts')).runCommand(context),
  },
  list: {
    description: 'scenarios, launchers and backends',
    load: async (context) => (await import('./list.ts')).listCommand(context),
  },
  report: {
    description: 'render the report of a saved run again',
    load: async (context) => (await import('./report.ts')).reportCommand(context),
  },
  compare: {
    description: 'saved runs side by side, and which differences are more than chance',
    load: async (context) => (await import('./compare.ts')).compareCommand(context),
  },
  index: {
    description: 'list all runs with their verdicts in index.html',
    load: async (context) => (await import('./run-index.ts')).indexCommand(context),
  },
  course: {
    description: 'run all scenarios and make a course of them, to be read offline',
    load: async (context) => (await import('./course.ts')).courseCommand(context),
  },
  predict: {
    description: 'what theory expects of a fleet of any size; starts nothing',
    load: async (context) => (await import('./predict.ts')).predictCommand(context),
  },
  simulate: {
    description: 'your own traffic through fleets of any size; starts nothing',
    load: async (context) => (await import('./simulate.ts')).simulateCommand(context),
  },
};
