import type { Scenario, ScenarioOptions } from '../../scenarios/kit/contract.ts';
import { LabError, usageError } from '../console/errors.ts';
import { flagOf, type GivenOptions, resolveOptions, resolveScenarios } from '../console/options.ts';
import { withoutPassword } from '../services/arm-service.ts';
import { requirePrograms, type ServiceAddresses, serviceOf } from '../services/programs.ts';

/** One scenario with the options it runs with. */
export interface SeriesPlan {
  readonly scenario: Scenario;
  readonly options: ScenarioOptions;
  /** What a person chose and this scenario uses, for the command that repeats the run. */
  readonly given: GivenOptions;
}

/** What will run, and what a person has to be told about the rest. */
export interface Series {
  readonly plans: SeriesPlan[];
  /** One sentence for each flag that a scenario does without, and each scenario that is left out. */
  readonly notices: string[];
}

/**
 * The scenarios of `--scenario LIST` with their options. Of scenarios asked for by name every flag
 * must make sense; of all of them each takes the flags that it can use, and those that cannot run
 * here are left out. Nothing of that goes unsaid.
 */
export function planSeries(names: string, given: GivenOptions, services: ServiceAddresses): Series {
  const wanted = resolveScenarios(names);
  if (names !== 'all') {
    const plans = wanted.map((scenario) => planned(scenario, given, services));
    requireUse(services, plans);
    return { plans, notices: [] };
  }
  const plans: SeriesPlan[] = [];
  const notices: string[] = [];
  for (const scenario of wanted) {
    const { usable, without } = usableBy(scenario, given);
    try {
      plans.push(planned(scenario, usable, services));
      notices.push(...without);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      notices.push(`${scenario.name} is left out. ${error.message} ${error.remedy}`);
    }
  }
  return { plans, notices };
}

function planned(scenario: Scenario, given: GivenOptions, services: ServiceAddresses): SeriesPlan {
  const options = resolveOptions(scenario, given);
  requirePrograms(options.backends, services);
  return { scenario, options, given };
}

/** A service that was named and that nothing asks would look as if it had been measured. */
function requireUse(services: ServiceAddresses, plans: readonly SeriesPlan[]): void {
  const asked = new Set(plans.flatMap(({ options }) => options.backends.map(serviceOf)));
  for (const kind of ['redis', 'memcached'] as const) {
    if (services[kind] === undefined || asked.has(kind)) continue;
    throw usageError(
      `--${kind} ${withoutPassword(services[kind])} would not be used: no backend of this run keeps its entries there.`,
      `Add --backends locmem,${kind} to compare it with local memory, or leave --${kind} out.`,
    );
  }
}

/** What was given, less the flags that mean nothing to this scenario. */
function usableBy(scenario: Scenario, given: GivenOptions) {
  const unused = Object.entries(scenario.unused ?? {}).filter(
    ([field]) => given[field as keyof ScenarioOptions] !== undefined,
  );
  const names = new Set(unused.map(([field]) => field));
  return {
    usable: Object.fromEntries(Object.entries(given).filter(([field]) => !names.has(field))),
    without: unused.map(
      ([field, reason]) =>
        `${scenario.name} does without ${flagOf(field as keyof ScenarioOptions)}: ${reason}`,
    ),
  };
}
