import type {
  BackendName,
  LauncherName,
  Outcome,
  Popularity,
  Routing,
} from '../record/vocabulary.ts';

/*
 * What the live view's server and its pages say to each other. The server sends a `whole` when a
 * page connects, after a gap, and when what a page would have to forget is more than what it would
 * keep (another fleet); otherwise a `frame`, at most twenty per second, of what is new since the
 * message before. A page that was slow or away gets a `whole` instead of the frames that it missed.
 */

export type LiveMessage = ({ readonly is: 'whole' } & Whole) | ({ readonly is: 'frame' } & Frame);

/** All that a page shows. */
export interface Whole {
  /** Counts messages; a frame whose number is not the next tells a page that it missed one. */
  readonly number: number;
  readonly setting: Setting;
  /** What can be chosen here: a backend whose service is not installed says why not. */
  readonly choices: Choices;
  readonly workers: readonly WorkerState[];
  /**
   * By slot, in the order of `workers`: a character of {@link CELL_CODES} per key 1…`keys`. Where a
   * backend has one cache for all, that one alone, which changes of cells call slot 0.
   */
  readonly cells: readonly string[];
  readonly totals: Totals;
  /** The last sixty seconds, oldest first. */
  readonly history: readonly Second[];
  readonly act: ActState | null;
  readonly audience: AudienceState | null;
  /** What the fleet is busy with, in words ("starting 4 workers"); `null`: it serves. */
  readonly busy: string | null;
  /** Where what happened so far was saved last. */
  readonly saved: string | null;
}

/** What is new since the message before; what is left out has not changed. */
export interface Frame {
  readonly number: number;
  /** Responses since then, all of them, as far as cells flash for them. */
  readonly flashes?: readonly Flash[];
  /** The responses that are drawn as dots: all, or a sample of them. */
  readonly dots?: readonly Dot[];
  /** How many responses each dot stands for; 1: all are drawn. */
  readonly dotsStandFor?: number;
  /** Cells that changed. */
  readonly cells?: readonly CellChange[];
  readonly workers?: readonly WorkerState[];
  readonly totals?: Totals;
  /** A second that is over. */
  readonly second?: Second;
  readonly setting?: Setting;
  readonly act?: ActState | null;
  readonly audience?: AudienceState | null;
  readonly busy?: string | null;
  readonly saved?: string | null;
  /** One sentence for the presenter: what could not be done, and what to do. */
  readonly said?: string;
}

/** What is set, and what a presenter can change. */
export interface Setting {
  readonly playing: boolean;
  readonly workers: number;
  readonly launcher: LauncherName;
  readonly backend: BackendName;
  readonly routing: Routing;
  /** Clients, drawn at the top: connections that are kept alive, or who opens one per request. */
  readonly clients: number;
  /** Requests per second; `null`: as fast as it goes. */
  readonly ratePerSecond: number | null;
  readonly keys: number;
  readonly popularity: Popularity;
  readonly zipf: number;
  /** Seconds; `null`: never. */
  readonly timeoutSeconds: number | null;
  readonly maxEntries: number;
}

/** Changes of a {@link Setting} that start the workers anew, so that their caches are empty. */
export const RESTARTING = [
  'workers',
  'launcher',
  'backend',
  'timeoutSeconds',
  'maxEntries',
  'keys',
] as const satisfies readonly (keyof Setting)[];

export interface Choices {
  readonly launchers: readonly LauncherName[];
  readonly backends: readonly { readonly name: BackendName; readonly whyNot: string | null }[];
  readonly mostWorkers: number;
}

/** A worker, or the slot of one that is gone. */
export interface WorkerState {
  readonly slot: number;
  readonly pid: number;
  readonly alive: boolean;
  /** Lookups since the process started, as the ledger has them. */
  readonly lookups: number;
  readonly hits: number;
  readonly entries: number;
  readonly rssBytes: number;
  /** Hit rate of the last ten seconds (0…1); `null`: nobody asked. */
  readonly recentHitRate: number | null;
}

/** The sentence's figures, over the last ten seconds; `null` where nothing was asked for. */
export interface Totals {
  /** Responses since the fleet was first started. */
  readonly responses: number;
  readonly errors: number;
  readonly hitRate: number | null;
  /** What one cache would have had on this very stream. */
  readonly oneCacheHitRate: number | null;
  readonly originPerSecond: number;
  readonly oneCacheOriginPerSecond: number;
}

/** One second of the charts; `at` counts seconds since the view began. */
export interface Second {
  readonly at: number;
  /** By slot 1…n: hit rate, or `null` where nobody asked. */
  readonly hitRates: readonly (number | null)[];
  readonly oneCacheHitRate: number | null;
  readonly originQueries: number;
  readonly oneCacheOriginQueries: number;
  /** What the presenter did in it, in a few words. */
  readonly events?: readonly string[];
}

/** Slot and key (1…`keys`) of a response. */
export type Flash = readonly [slot: number, key: number];

/** A response as it is drawn: which connection or client asked, who answered, and how. */
export interface Dot {
  /** The client at the top that it leaves from, 0…; with `guest`, that participant's number. */
  readonly client: number;
  readonly slot: number;
  readonly key: number;
  readonly outcome: Outcome;
  readonly millis: number;
  /** It was asked for by hand, by the presenter (0) or a participant. */
  readonly guest?: number;
}

/**
 * What a cell can show: no entry, one that no other worker holds, a copy of another's, one that is
 * older than its row in the database.
 */
export const CELL_CODES = '.123' as const;
/** Index into {@link CELL_CODES}. */
export type CellCode = 0 | 1 | 2 | 3;
/** Why an entry left: it was culled, its time was over, it was cleared or its worker ended. */
export const DEPARTURES = ['evicted', 'expired', 'cleared'] as const;
export type Departure = (typeof DEPARTURES)[number];
export type CellChange = readonly [slot: number, key: number, code: CellCode, why?: Departure];

/** An act, as far as a page may know it: its answer comes only once it is shown. */
export interface ActState {
  /** 1…`of`. */
  readonly number: number;
  readonly of: number;
  readonly title: string;
  /** What the stage shows, in a sentence or two. */
  readonly setting: string;
  readonly question: string;
  readonly answers: readonly [string, string, string, string];
  /** Votes of the audience, by answer. */
  readonly votes: readonly [number, number, number, number];
  readonly step: 'asked' | 'showing' | 'shown';
  /** Once shown: which answer was right (0…3), and the sentence with this fleet's own figures. */
  readonly right: number | null;
  readonly outcome: string | null;
}

export interface AudienceState {
  readonly address: string;
  /** The address as a QR code, SVG. */
  readonly qr: string;
  readonly participants: number;
}

/*
 * A participant's page says `POST join` (empty body) and is given a {@link Participant}; its token
 * comes with everything else: `GET own?token=…` are server-sent events of {@link Own}, whole each
 * time, at most two per second; `POST ask` and `POST vote` carry it as `authorization: Bearer …`.
 * What is refused answers with a status of 4xx and `{ message }`, a sentence for people; a token that
 * is not known (403) makes the page join anew.
 */

/** What a participant's page is given when it joins. */
export interface Participant {
  readonly token: string;
  /** 1…, drawn beside its dots. */
  readonly number: number;
  /** The user that it asks for, as it is in the stream: 1…`keys`. */
  readonly key: number;
}

/** All that a participant's page shows, but its own answers. */
export interface Own {
  readonly act: Pick<
    ActState,
    'number' | 'of' | 'title' | 'question' | 'answers' | 'step' | 'right' | 'outcome'
  > | null;
  /** Its own vote in this act (0…3). */
  readonly vote: number | null;
  readonly busy: string | null;
  /** As {@link Participant}: other keys may give it another user. */
  readonly key: number;
}

/** The answer to `POST ask`, which has no body: who answered, and how. */
export interface Answered extends Pick<Dot, 'slot' | 'key' | 'outcome' | 'millis'> {
  readonly pid: number;
}

/** The body of `POST vote`. */
export interface Vote {
  readonly answer: 0 | 1 | 2 | 3;
}

/** What a presenter's page asks for, as the body of `POST /control`. */
export type Command =
  | { readonly do: 'play' | 'pause' | 'restart' | 'save' }
  | { readonly do: 'set'; readonly setting: Partial<Omit<Setting, 'playing'>> }
  /** By hand: at one worker, or wherever the routing leads. */
  | { readonly do: 'ask'; readonly key: number; readonly slot?: number }
  | { readonly do: 'rename'; readonly key: number }
  | { readonly do: 'kill'; readonly slot: number }
  /** One worker's cache, or all. */
  | { readonly do: 'clear'; readonly slot?: number }
  /** To an act, 1…; 0 leaves the script. `show` gives its answer. */
  | { readonly do: 'act'; readonly number: number }
  | { readonly do: 'show' };
