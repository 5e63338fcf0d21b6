import { hitRate } from './hit-rate/scenario.ts';
import type { Scenario } from './scenario.ts';

/** The scenarios by name, in the order of the course. A new one is a folder and a line here. */
export const scenarios: Readonly<Record<string, Scenario>> = Object.fromEntries(
  [hitRate].map((scenario) => [scenario.name, scenario]),
);
