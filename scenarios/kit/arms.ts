import type { Arm } from '../../reports/record/schema.ts';
import { type ArmPlan, planArm, type ScenarioOptions } from './contract.ts';

/**
 * How many caches the workers of an arm have between them: in the memory of a process, one each;
 * in a service, one for all. A rule for N caches then holds for the cure too, with N = 1.
 */
export function cachesOf({ workers, backend }: Pick<Arm, 'workers' | 'backend'>): number {
  return backend === 'locmem' ? workers : 1;
}

/** Whether several workers share one cache: the cure for what each of them having its own does. */
export function isCured(arm: Pick<Arm, 'workers' | 'backend'>): boolean {
  return arm.workers > 1 && cachesOf(arm) === 1;
}

/**
 * One worker for comparison and every number that was asked for, with each backend that was asked
 * for. An arm is named after its backend only where there is more to say than local memory.
 */
export function eachFleetAndBackend(options: ScenarioOptions, given: Partial<ArmPlan>): ArmPlan[] {
  const { backends } = options;
  const isPlain = backends.every((backend) => backend === 'locmem');
  return [...new Set([1, ...options.workers])]
    .sort((a, b) => a - b)
    .flatMap((workers) =>
      backends.map((backend) => {
        const fleet = workers === 1 ? '1 worker' : `${workers} workers`;
        const name = isPlain ? fleet : `${fleet}, ${backend}`;
        return planArm(options, { ...given, name, workers, backend });
      }),
    );
}

/** Why these backends cannot be used; `null` when they can. Nothing can be kept in `dummy`. */
export function refuseBackends(
  backends: readonly string[],
  reasons: Readonly<Record<string, string>> = {},
): string | null {
  const refused: Record<string, string> = {
    dummy: 'it keeps nothing, so there is nothing to keep apart or to share.',
    ...reasons,
  };
  const wrong = backends.find((backend) => refused[backend] !== undefined);
  return wrong === undefined ? null : `--backends ${wrong}: ${refused[wrong]}`;
}

/** The arm that shows the effect most: most workers, each with a cache of its own if there are such. */
export function mostTelling(arms: readonly Arm[]): Arm | undefined {
  return arms.toSorted((a, b) => cachesOf(b) - cachesOf(a) || b.workers - a.workers)[0];
}
