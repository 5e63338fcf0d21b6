import { hasBackend } from '../../reports/record/vocabulary.ts';
import type { Scenario, ScenarioOptions } from '../../scenarios/kit/contract.ts';
import type { Fault } from '../console/errors.ts';
import { flagOf, type GivenOptions, shownOption } from '../console/options.ts';
import { loadLauncher } from '../fleet/index.ts';
import type { PlannedRun } from './planned-run.ts';

/*
 * What the choice of launchers makes of a run: which options follow from it, and what a launcher
 * cannot do, which it says itself.
 */

const closesConnections = ({ launchers, gunicornClass }: ScenarioOptions) =>
  launchers.includes('gunicorn') && gunicornClass === 'sync';

/**
 * The options with what follows from the launchers where a person has said nothing else: connections
 * that one of them would not keep alive are kept by none, and backends that one lacks are left out.
 */
export function fitted(
  { unused, refuse }: Scenario,
  options: ScenarioOptions,
  given: GivenOptions,
): ScenarioOptions {
  const backends = usable(options, given);
  const chosen = { ...options, backends };
  if (given.routing !== undefined || unused?.routing || !closesConnections(options)) return chosen;
  const fresh = { ...chosen, routing: 'fresh' } as const;
  const isRefused = refuse?.(fresh).some((refusal) => refusal?.option === 'routing');
  return isRefused ? chosen : fresh;
}

/** A scenario's own choice of backends is less for a launcher that has not all of them. */
function usable({ launchers, backends }: ScenarioOptions, given: GivenOptions) {
  if (given.backends !== undefined) return backends;
  return backends.filter((backend) => launchers.every((name) => hasBackend(name, backend)));
}

/** A sentence where that made a difference. */
export function fittingNotice({ scenario, options, given }: PlannedRun): string | null {
  if (fitted(scenario, { ...options, routing: 'keep-alive' }, given).routing === 'keep-alive') {
    return null;
  }
  return `${scenario.name} has a fresh connection for each request (${shownOption('routing', 'fresh')}), since Gunicorn's sync workers close each after one answer; --gunicorn-class gthread keeps them alive.`;
}

/** What a launcher cannot do of a run's arms, each reason once. */
export async function launcherFaults({ scenario, options }: PlannedRun): Promise<Fault[]> {
  const several = options.launchers.length > 1 && !scenario.uses?.includes('launchers');
  const faults: Fault[] = several
    ? [
        {
          message: `${shownOption('launchers', options.launchers)} cannot be used with --scenario ${scenario.name}: its arms are all of one launcher.`,
          remedy: 'Give one launcher, or run it once with each and compare the runs.',
        },
      ]
    : [];
  const reasons = new Map<string, Fault>();
  for (const arm of scenario.arms(options)) {
    const lacks = !hasBackend(arm.launcher, arm.backend);
    const why = lacks
      ? `the server that it starts keeps nothing in ${arm.backend}`
      : ((await loadLauncher(arm.launcher)).refuses?.(arm) ?? null);
    if (why === null) continue;
    const message = `--launcher ${arm.launcher} cannot be used with --scenario ${scenario.name}: ${why}.`;
    reasons.set(message, { message, remedy: 'Use another --launcher for it: cluster can do all.' });
  }
  return [...faults, ...reasons.values()];
}

/** Flags about Gunicorn where nothing is run by it: it would look as if that had been measured. */
export function idleGunicorn(plans: readonly PlannedRun[], given: GivenOptions): Fault[] {
  if (plans.some(({ options }) => options.launchers.includes('gunicorn'))) return [];
  return (['gunicornClass', 'threads'] as const).flatMap((option) => {
    const value = given[option];
    if (value === undefined) return [];
    return [
      {
        message: `${shownOption(option, value)} would not be used: nothing is run by Gunicorn.`,
        remedy: `Add --launcher gunicorn, or leave ${flagOf(option)} out.`,
      },
    ];
  });
}
