import type {
  BackendName,
  Outcome,
  Popularity,
  Routing,
} from '../../../reports/record/vocabulary.ts';

/** What an act sets; what is left out stays as it is. */
export interface ActSetting {
  readonly workers?: number;
  readonly backend?: BackendName;
  readonly routing?: Routing;
  readonly clients?: number;
  /** `null`: as fast as it goes. */
  readonly ratePerSecond?: number | null;
  readonly keys?: number;
  readonly popularity?: Popularity;
  readonly zipf?: number;
  /** `null`: never. */
  readonly timeoutSeconds?: number | null;
  readonly maxEntries?: number;
}

/** Something that is done on the stage, as a presenter could do it by hand, or waited for. */
export type ActStep =
  | { readonly do: 'play' | 'pause' | 'restart' }
  | { readonly do: 'set'; readonly setting: ActSetting }
  /** Users are counted from 1. */
  | { readonly do: 'ask'; readonly key: number; readonly slot?: number }
  | { readonly do: 'rename'; readonly key: number }
  | { readonly do: 'clear'; readonly slot?: number }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'wait'; readonly responses: number };

/** An answer to what was asked for by hand. */
export interface Asked {
  readonly slot: number;
  readonly outcome: Outcome;
  /** Of the user: grows with each rename. */
  readonly version: number | null;
}

/** What was seen while the answer was shown. */
export interface Seen {
  readonly responses: number;
  /** Requests that were not answered, or with an error. */
  readonly errors: number;
  /** 0…1; `null`: nothing was looked up. */
  readonly hitRate: number | null;
  /** What one cache would have had on the same requests. */
  readonly oneCacheHitRate: number | null;
  readonly originQueries: number;
  readonly oneCacheOriginQueries: number;
  /** The hit rate in the ten seconds before. */
  readonly hitRateBefore: number | null;
  /** What was asked for by hand, in order. */
  readonly asked: readonly Asked[];
}

/** One act of the presenter's script. A new one is a file in this folder; its name says its place. */
export interface Act {
  readonly title: string;
  /** What the stage shows, in a sentence or two. */
  readonly setting: string;
  readonly question: string;
  readonly answers: readonly [string, string, string, string];
  /** Index into `answers`. */
  readonly right: 0 | 1 | 2 | 3;
  /** Sets the stage. */
  readonly before: readonly ActStep[];
  /** Gives the answer on the running fleet. */
  readonly show: readonly ActStep[];
  /** The answer in a sentence, with what was seen. */
  outcome(seen: Seen): string;
}

/** What every act begins with, so that each can be played alone. */
export const USUAL = {
  workers: 4,
  backend: 'locmem',
  routing: 'keep-alive',
  clients: 24,
  ratePerSecond: 80,
  keys: 150,
  popularity: 'zipf',
  zipf: 0.8,
  timeoutSeconds: 300,
  maxEntries: 300,
} as const satisfies ActSetting;

/** The same user at workers 1 … 4. */
export function askAll(key: number): ActStep[] {
  return [1, 2, 3, 4].map((slot) => ({ do: 'ask', key, slot }));
}
