import type { Scenario, ScenarioOptions } from '../../scenarios/kit/contract.ts';
import type { GivenOptions } from '../console/options.ts';

/** One scenario with the options it runs with. */
export interface PlannedRun {
  readonly scenario: Scenario;
  readonly options: ScenarioOptions;
  /** What a person chose and this scenario uses, for the command that repeats the run. */
  readonly given: GivenOptions;
}
