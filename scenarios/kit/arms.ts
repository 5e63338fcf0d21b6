import { cachesOf } from '../../reports/record/arms.ts';
import { counted } from '../../reports/record/format.ts';
import type { Arm } from '../../reports/record/schema.ts';
import { usualScheduling } from '../../reports/record/vocabulary.ts';
import type { ArmPlan, ScenarioOptions } from './contract.ts';

/** One arm's plan from the options: the fields that a scenario sets, over the person's choice. */
export function planArm(
  options: ScenarioOptions,
  arm: Partial<ArmPlan> & Pick<ArmPlan, 'workers'>,
): ArmPlan {
  const { workers: _workers, launchers, backends, rounds: _rounds, ...shared } = options;
  const launcher = arm.launcher ?? launchers[0] ?? 'cluster';
  return {
    ...shared,
    name: nameOf(arm.workers, 'worker'),
    launcher,
    backend: backends[0] ?? 'locmem',
    round: 1,
    servers: 1,
    scheduling: usualScheduling(launcher),
    persistence: 'none',
    features: [],
    ...arm,
  };
}

/** `4 workers` as a name: people type it and programs compare it, so the space in it is a plain one. */
export function nameOf(value: number, one: string): string {
  return counted(value, one).replace('\u00a0', ' ');
}

/** An arm for each number of workers that was asked for. */
export function planArms(options: ScenarioOptions, given: Partial<ArmPlan> = {}): ArmPlan[] {
  return options.workers.map((workers) => planArm(options, { ...given, workers }));
}

/** The same in ascending order, and one worker for comparison. */
export function eachFleet(options: ScenarioOptions, given: Partial<ArmPlan> = {}): ArmPlan[] {
  const workers = [...new Set([1, ...options.workers])].sort((a, b) => a - b);
  return planArms({ ...options, workers }, given);
}

/**
 * The same with each launcher and each backend that was asked for. An arm is named after them only
 * where there is more to say: several launchers, or more than local memory.
 */
export function eachKindOfFleet(options: ScenarioOptions, given: Partial<ArmPlan>): ArmPlan[] {
  const { launchers, backends } = options;
  const isPlain = backends.every((backend) => backend === 'locmem');
  return eachFleet(options, given).flatMap(({ name, workers }) =>
    launchers.flatMap((launcher) =>
      backends.map((backend) => {
        const kind = [...(launchers.length > 1 ? [launcher] : []), ...(isPlain ? [] : [backend])];
        const arm = { ...given, name: [name, ...kind].join(', '), workers, launcher, backend };
        return planArm(options, arm);
      }),
    ),
  );
}

/** The slots of an arm's workers: 1 … N. */
export function slotsOf({ workers }: Pick<Arm, 'workers'>): number[] {
  return Array.from({ length: workers }, (_, index) => index + 1);
}

type Caching = Pick<Arm, 'workers' | 'backend'>;

/** Whether several workers share one cache: the cure for what each of them having its own does. */
export function isCured(arm: Caching): boolean {
  return arm.workers > 1 && cachesOf(arm) === 1;
}
