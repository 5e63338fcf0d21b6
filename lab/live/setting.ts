import { type Choices, RESTARTING, type Setting } from '../../reports/live/protocol.ts';
import { counted } from '../../reports/record/format.ts';
import { BACKENDS, OWN_BACKEND_NAMES } from '../../reports/record/vocabulary.ts';
import { planArm } from '../../scenarios/kit/arms.ts';
import type { ArmPlan, ScenarioOptions } from '../../scenarios/kit/contract.ts';
import { LabError } from '../console/errors.ts';
import { findProgram, type ServiceAddresses } from '../services/programs.ts';

/** More cards than this have no room on a wall. */
export const MOST_WORKERS = 16;
/** Each key is a cell in every card. */
export const MOST_KEYS = 2_000;
/** Those that serve by the lab's own server, whose connections stay open. */
export const LIVE_LAUNCHERS = ['cluster', 'pm2'] as const;
/** What may be changed at a time. */
export type Changes = Partial<Omit<Setting, 'playing'>>;

/** What the view begins with. */
export function settingOf(options: ScenarioOptions): Setting {
  const { launchers, routing, keys, popularity, zipf, timeoutSeconds, maxEntries } = options;
  return {
    playing: true,
    workers: options.workers[0]!,
    launcher: launchers[0]!,
    backend: options.backends[0]!,
    routing,
    clients: options.connections,
    ratePerSecond: options.ratePerSecond,
    ...{ keys, popularity, zipf, timeoutSeconds, maxEntries },
  };
}

/** The plan of a fleet with this setting; what cannot be changed live is as it was given. */
export function planOf(setting: Setting, options: ScenarioOptions, name: string): ArmPlan {
  const { playing: _, clients, workers, launcher, backend, ...same } = setting;
  const given = { ...options, ...same, connections: clients };
  return planArm(given, { name, workers, launcher, backend });
}

/** What can be chosen on this machine. */
export function choicesHere(services: ServiceAddresses): Choices {
  return {
    launchers: LIVE_LAUNCHERS,
    backends: OWN_BACKEND_NAMES.map((name) => {
      const { service } = BACKENDS[name];
      const named = service === null || services[service] !== undefined;
      return { name, whyNot: named ? null : whyNoProgram(service) };
    }),
    mostWorkers: MOST_WORKERS,
  };
}

function whyNoProgram(service: Parameters<typeof findProgram>[0]): string | null {
  try {
    findProgram(service);
    return null;
  } catch (error) {
    if (error instanceof LabError) return `${error.message} ${error.remedy}`;
    throw error;
  }
}

/** Why these changes cannot be made, as a sentence; `null`: they can. */
export function refusalOf(changes: Changes, choices: Choices): string | null {
  const whyNot = choices.backends.find(({ name }) => name === changes.backend)?.whyNot;
  return whyNot ? `${changes.backend} cannot be used here. ${whyNot}` : null;
}

/** Whether a change of one of these starts the workers anew. */
export function restarts(setting: Setting, changes: Changes): boolean {
  return RESTARTING.some((name) => name in changes && changes[name] !== setting[name]);
}

/** What has changed, in a few words, for the time axis. */
export function changesInWords(setting: Setting, changes: Changes): string[] {
  const words: Partial<Record<keyof Changes, string>> = {
    workers: counted(changes.workers ?? 0, 'worker'),
    launcher: `under ${changes.launcher}`,
    backend: `${changes.backend}`,
    routing: `routing ${changes.routing}`,
    clients: counted(changes.clients ?? 0, 'client'),
    ratePerSecond:
      changes.ratePerSecond === null ? 'as fast as it goes' : `${changes.ratePerSecond} requests/s`,
    keys: counted(changes.keys ?? 0, 'key'),
    popularity: `popularity ${changes.popularity}`,
    zipf: `Zipf ${changes.zipf}`,
    timeoutSeconds:
      changes.timeoutSeconds === null ? 'TIMEOUT never' : `TIMEOUT ${changes.timeoutSeconds} s`,
    maxEntries: `MAX_ENTRIES ${changes.maxEntries}`,
  };
  const names = Object.keys(changes) as (keyof Changes)[];
  return names.filter((name) => changes[name] !== setting[name]).map((name) => words[name]!);
}
