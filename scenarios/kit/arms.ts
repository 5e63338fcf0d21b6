import { counted } from '../../reports/record/format.ts';
import type { Arm } from '../../reports/record/schema.ts';
import { BACKENDS, usualScheduling } from '../../reports/record/vocabulary.ts';
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

/**
 * How many caches the workers of an arm have between them: in the memory of a process, one each;
 * in a service, one for all. A rule for N caches then holds for the cure too, with N = 1.
 */
export function cachesOf({ workers, backend }: Caching): number {
  return BACKENDS[backend].caches === 'each' ? workers : 1;
}

/** Whether several workers share one cache: the cure for what each of them having its own does. */
export function isCured(arm: Caching): boolean {
  return arm.workers > 1 && cachesOf(arm) === 1;
}

/** The arm that shows the effect most: most workers, each with a cache of its own if there are such. */
export function mostTelling<A extends Caching>(arms: readonly A[]): A | undefined {
  return arms.toSorted((a, b) => cachesOf(b) - cachesOf(a) || b.workers - a.workers)[0];
}
