import type { Command } from 'commander';
import type { LauncherName } from '../../reports/record/vocabulary.ts';
import { LabError } from '../console/errors.ts';
import type { Output } from '../console/output.ts';
import type { Launcher } from '../fleet/fleet.ts';

/** What a command is given beside its flags; a test puts other things in. */
export interface CommandContext {
  readonly output: Output;
  /** What starts the workers. */
  launcherOf(name: LauncherName): Promise<Launcher>;
  /** Ends what runs, in order: Ctrl-C, or nobody reads any more. Asked for once something runs. */
  interrupted(): AbortSignal;
  /** How the command ended; set by {@link CommandContext.endWith}. */
  exitCode(): number;
  endWith(exitCode: number): void;
}

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

/** The real thing: real launchers, and Ctrl-C. */
export function commandContext(output: Output): CommandContext {
  let exitCode = 0;
  return {
    output,
    launcherOf: async (name) => (await import('../fleet/index.ts')).loadLauncher(name),
    interrupted: () => AbortSignal.any([untilInterrupted(), output.gone]),
    exitCode: () => exitCode,
    endWith(code) {
      exitCode = code;
    },
  };
}

/**
 * Ctrl-C ends a run in order: the fleet stops, what was measured is kept. npm passes the signal
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
