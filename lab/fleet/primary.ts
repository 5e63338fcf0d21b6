import path from 'node:path';
import { launchEnvironment } from '../../server/launch.ts';
import { COMPILE_CACHE } from '../compile-cache.ts';
import { LabError } from '../console/errors.ts';
import { Child, type ChildPlan } from './child.ts';
import type { Fleet, FleetPlan } from './fleet.ts';
import { liveFleet } from './live-fleet.ts';
import { bootFailure, lastWords } from './roster.ts';

/** Where the programs of the server are. */
export const SERVER = path.join(import.meta.dirname, '../../server');

/** A process that starts workers itself, and how it is asked to replace them. */
export interface PrimaryPlan extends Pick<ChildPlan, 'program' | 'args'> {
  /** Beside what every fleet is given. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  reload(primary: Child): Promise<void>;
}

/**
 * Starts the process that starts the workers, and makes a fleet of them.
 *
 * @throws LabError that tells why they could not start, or what `signal` is aborted by
 */
export async function startPrimary(
  { program, args, env, reload }: PrimaryPlan,
  plan: FleetPlan,
  signal: AbortSignal,
): Promise<Fleet> {
  signal.throwIfAborted();
  const launchedAt = performance.now();
  const { runFolder } = plan.settings;
  const primary = new Child({
    program,
    args,
    env: { ...fleetEnvironment(plan), ...env },
    log: path.join(runFolder, 'primary.log'),
    // It ends by itself only when a worker cannot start.
    whyEnded: () =>
      bootFailure(runFolder) ??
      new LabError(`The workers could not start. ${lastWords(runFolder)}`, {
        remedy: 'Its last words tell why; a port that is taken can be changed by --port.',
      }),
  });
  const launched = { reload: () => reload(primary), stop: () => primary.stop() };
  try {
    return await Promise.race([liveFleet(plan, launched, signal, launchedAt), primary.ended]);
  } catch (error) {
    await launched.stop();
    throw error;
  }
}

/** The environment in which a launcher starts the processes of its fleet. */
export function fleetEnvironment(plan: FleetPlan): NodeJS.ProcessEnv {
  return {
    ...launchEnvironment(plan),
    // The pinned Node comes first, for a launcher that looks it up.
    PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`,
    // Sixteen workers compile the same modules; from the second start on they find them compiled.
    NODE_COMPILE_CACHE: COMPILE_CACHE,
  };
}
