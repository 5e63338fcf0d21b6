import type { LauncherName } from '../../reports/record/vocabulary.ts';
import { EXIT, LabError } from '../console/errors.ts';
import type { Output } from '../console/output.ts';
import type { Launcher } from '../fleet/fleet.ts';

/** What a command is given beside its flags; a test puts other things in. */
export interface CommandContext {
  readonly output: Output;
  /** What starts the workers. */
  launcherOf(name: LauncherName): Promise<Launcher>;
  /** In the database of a run; left out: as many as its scenario says. */
  readonly originOrders?: number | undefined;
  /** Ends what runs, in order: Ctrl-C, or nobody reads any more. Asked for once something runs. */
  interrupted(): AbortSignal;
  /** How the command ended: 0, unless it says otherwise. */
  exitCode: number;
}

/** The real thing: real launchers, and Ctrl-C. */
export function commandContext(output: Output): CommandContext {
  return {
    output,
    launcherOf: async (name) => (await import('../fleet/index.ts')).loadLauncher(name),
    interrupted: () => AbortSignal.any([untilInterrupted(), output.gone]),
    exitCode: EXIT.ok,
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
  if (process.env.npm_lifecycle_event !== undefined) endWithNpm(controller);
  return controller.signal;
}

const WATCH_MILLIS = 500;

/** npm does not pass on every signal, and none when it is killed: without it nobody watches a run. */
function endWithNpm(controller: AbortController): void {
  const npm = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(watch);
    controller.abort(
      new LabError('The run was interrupted: npm, which started it, has ended.', {
        remedy: 'Arms that were measured are in the record.',
      }),
    );
  }, WATCH_MILLIS).unref();
}
