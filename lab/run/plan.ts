import { BACKENDS, SERVICES, type ServiceName } from '../../reports/record/vocabulary.ts';
import { loadScenarios, SCENARIO_NAMES } from '../../scenarios/index.ts';
import type { Scenario, ScenarioOptions } from '../../scenarios/kit/contract.ts';
import { unusedBy } from '../../scenarios/kit/options.ts';
import { type Fault, LabError, UsageError } from '../console/errors.ts';
import { splitList } from '../console/flags.ts';
import { DEFAULTS, flagOf, type GivenOptions, shownOption } from '../console/options.ts';
import { withoutPassword } from '../services/arm-service.ts';
import { findProgram, type ServiceAddresses } from '../services/programs.ts';
import { fitted, fittingNotice, idleGunicorn, launcherFaults } from './launcher-fit.ts';
import type { PlannedRun } from './planned-run.ts';

/** What will run, what a person has to be told about the rest, and what cannot be done. */
export interface Series {
  readonly plans: PlannedRun[];
  /** One sentence for each flag that a scenario does without, and each scenario that is left out. */
  readonly notices: string[];
  /** Everything that is wrong with what was given; with any of them nothing is to run. */
  readonly faults: Fault[];
}

/**
 * The scenarios of `--scenario LIST` with their options. Of scenarios asked for by name every flag
 * must make sense; of all of them each takes the flags that it can use, and those that cannot run
 * here are left out. Nothing of that goes unsaid.
 */
export async function planSeries(
  names: string,
  given: GivenOptions,
  services: ServiceAddresses,
): Promise<Series> {
  return names === 'all' ? planAll(given, services) : planNamed(splitList(names), given, services);
}

async function planNamed(
  names: readonly string[],
  given: GivenOptions,
  services: ServiceAddresses,
): Promise<Series> {
  const unknown = names.filter((name) => !SCENARIO_NAMES.includes(name));
  const faults: Fault[] = (names.length === 0 ? [''] : unknown).map((name) => ({
    message: `--scenario ${name || '""'}: there is no such scenario.`,
    remedy: `Use one of: ${SCENARIO_NAMES.join(', ')}, or all.`,
  }));
  const known = names.filter((name) => !unknown.includes(name));
  const plans = (await loadScenarios(known)).map((scenario) => planned(scenario, given));
  for (const plan of plans) {
    const { scenario, options } = plan;
    const ofOptions = optionFaults(scenario, options);
    faults.push(...unusedFaults(scenario, given), ...ofOptions);
    // Of options that make no sense no arms can be planned.
    if (ofOptions.length === 0) faults.push(...(await launcherFaults(plan)));
  }
  faults.push(...programFaults(plans, services), ...idleServices(plans, services));
  faults.push(...idleGunicorn(plans, given));
  return { plans, notices: noticesOf(plans), faults: distinct(faults) };
}

async function planAll(given: GivenOptions, services: ServiceAddresses): Promise<Series> {
  const plans: PlannedRun[] = [];
  const notices: string[] = [];
  for (const scenario of await loadScenarios()) {
    const { usable, without } = usableBy(scenario, given);
    const plan = planned(scenario, usable);
    const ofOptions = [...optionFaults(scenario, plan.options), ...programFaults([plan], services)];
    const faults = ofOptions.length > 0 ? ofOptions : await launcherFaults(plan);
    if (faults.length === 0) {
      plans.push(plan);
      notices.push(...without);
    } else {
      const why = faults.map(({ message, remedy }) => `${message} ${remedy}`).join(' ');
      notices.push(`${scenario.name} is left out. ${why}`);
    }
  }
  return { plans, notices: [...notices, ...noticesOf(plans)], faults: idleGunicorn(plans, given) };
}

/**
 * The plan of one scenario: what was given, over its own defaults, over the lab's.
 *
 * @throws UsageError with every fault of the options
 */
export function planRun(scenario: Scenario, given: GivenOptions): PlannedRun {
  const plan = planned(scenario, given);
  const faults = [...unusedFaults(scenario, given), ...optionFaults(scenario, plan.options)];
  if (faults.length > 0) throw new UsageError(faults);
  return plan;
}

function planned(scenario: Scenario, given: GivenOptions): PlannedRun {
  const options = fitted(scenario, { ...DEFAULTS, ...scenario.defaults, ...given }, given);
  return { scenario, options, given };
}

function noticesOf(plans: readonly PlannedRun[]): string[] {
  return plans.flatMap((plan) => fittingNotice(plan) ?? []);
}

/** Flags that were given and mean nothing to the scenario, each with the reason. */
function unusedIn(scenario: Scenario, given: GivenOptions) {
  const unused = Object.entries(unusedBy(scenario)) as [keyof ScenarioOptions, string][];
  return unused.filter(([option]) => given[option] !== undefined);
}

function unusedFaults(scenario: Scenario, given: GivenOptions): Fault[] {
  return unusedIn(scenario, given).map(([option, reason]) => ({
    message: `${flagOf(option)} cannot be used with --scenario ${scenario.name}: ${reason}`,
    remedy: `Leave ${flagOf(option)} out.`,
  }));
}

/** What was given, less the flags that mean nothing to this scenario. */
function usableBy(scenario: Scenario, given: GivenOptions) {
  const unused = unusedIn(scenario, given);
  const names = unused.map(([option]) => option as string);
  return {
    usable: Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name))),
    without: unused.map(
      ([option, reason]) => `${scenario.name} does without ${flagOf(option)}: ${reason}`,
    ),
  };
}

/** Everything about the values of the options. */
function optionFaults(scenario: Scenario, options: ScenarioOptions): Fault[] {
  const { requests, connections } = options;
  const refusals = (scenario.refuse?.(options) ?? []).filter((refusal) => refusal !== null);
  const faults: Fault[] = refusals.map(({ option, why }) => ({
    message: `${shownOption(option, options[option])} cannot be used with --scenario ${scenario.name}: ${why}.`,
    remedy: `See npm run lab -- list for what ${scenario.name} is about.`,
  }));
  const isFew = requests < connections;
  if (isFew && !scenario.unused?.requests && !scenario.unused?.connections) {
    faults.push({
      message: `--requests ${requests} is fewer than --connections ${connections}: some connections would never send one.`,
      remedy: `Use --requests ${connections} or more, or fewer --connections.`,
    });
  }
  return faults;
}

/** The services behind the backends that are to run. */
function servicesOf(plans: readonly PlannedRun[]): Set<ServiceName> {
  const backends = plans.flatMap(({ options }) => options.backends);
  return new Set(backends.flatMap((backend) => BACKENDS[backend].service ?? []));
}

/** Programs that have to be started and are not there, each with how to install it. */
function programFaults(plans: readonly PlannedRun[], services: ServiceAddresses): Fault[] {
  return [...servicesOf(plans)].flatMap((kind) => {
    if (services[kind] !== undefined) return [];
    try {
      findProgram(kind);
      return [];
    } catch (error) {
      if (error instanceof LabError) return [error];
      throw error;
    }
  });
}

/** A service that was named and that nothing asks would look as if it had been measured. */
function idleServices(plans: readonly PlannedRun[], services: ServiceAddresses): Fault[] {
  const asked = servicesOf(plans);
  return SERVICES.flatMap((kind) => {
    const address = services[kind];
    if (address === undefined || asked.has(kind)) return [];
    return [
      {
        message: `--${kind} ${withoutPassword(address)} would not be used: no backend of this run keeps entries there.`,
        remedy: `Add --backends locmem,${kind} to compare it with local memory, or omit --${kind}.`,
      },
    ];
  });
}

/** Several scenarios may refuse the same. */
function distinct(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [fault.message, fault])).values()];
}
