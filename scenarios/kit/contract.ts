import type { Arm, Exhibit, Finding, Headline } from '../../reports/record/schema.ts';
import type {
  BackendName,
  GunicornClass,
  LauncherName,
  Outcome,
  Persistence,
  Popularity,
  Routing,
  Scheduling,
} from '../../reports/record/vocabulary.ts';

/** What a person may choose for a run; every scenario brings defaults of its own. */
export interface ScenarioOptions {
  /** How many workers each arm has; most scenarios add a baseline of 1. */
  readonly workers: readonly number[];
  readonly launchers: readonly LauncherName[];
  /** What a worker of Gunicorn is, and how many threads it has. */
  readonly gunicornClass: GunicornClass;
  readonly threads: number;
  readonly backends: readonly BackendName[];
  readonly requests: number;
  readonly connections: number;
  readonly routing: Routing;
  /** Requests per second; `null`: closed loop. */
  readonly ratePerSecond: number | null;
  readonly popularity: Popularity;
  readonly zipf: number;
  readonly keys: number;
  readonly seed: number;
  readonly maxEntries: number;
  /** `null`: never. */
  readonly timeoutSeconds: number | null;
  readonly cullFrequency: number;
  readonly originDelayMillis: number;
  /** How often every arm is repeated, arms interleaved. */
  readonly rounds: number;
}

/** Why the value of an option cannot be used. The command line puts the flag and its value before it. */
export interface Refusal {
  readonly option: keyof ScenarioOptions;
  /** A clause without a full stop, e.g. `it takes 2 workers or more to disagree`. */
  readonly why: string;
}

/** Options that mean nothing to a scenario, each with the reason, a whole sentence. */
export type Unused = Readonly<Partial<Record<keyof ScenarioOptions, string>>>;

/** What one arm is: the options, with one number of workers, one launcher and one backend. */
export interface ArmPlan
  extends Omit<ScenarioOptions, 'workers' | 'launchers' | 'backends' | 'rounds'> {
  /** Unique in the run, e.g. `4 workers`. */
  readonly name: string;
  readonly workers: number;
  readonly launcher: LauncherName;
  readonly backend: BackendName;
  /** From 1. */
  readonly round: number;
  /** The workers are divided evenly among so many servers behind a balancer. */
  readonly servers: number;
  /** How node:cluster hands out connections. */
  readonly scheduling: Scheduling;
  /** Whether the service behind a shared backend writes down what it holds. */
  readonly persistence: Persistence;
  /** Routes beyond `/users/:id` that the workers are to serve, e.g. `sessions`. */
  readonly features: readonly string[];
}

/** A request for a worker or for the fleet. */
export interface LabRequest {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE' | undefined;
  readonly path: string;
  /** Index of the key in the workload that this request is about, if it is about one. */
  readonly key?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** What came back, with who answered and what its cache knew. */
export interface LabResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Parsed JSON, or the text where it is none. */
  readonly body: unknown;
  readonly slot: number;
  readonly pid: number;
  readonly outcome: Outcome;
  readonly latencyMicros: number;
}

/** Traffic that runs by itself, with what is to happen on the way. */
export interface TrafficPlan {
  readonly requests?: number | undefined;
  readonly connections?: number | undefined;
  readonly routing?: Routing | undefined;
  readonly ratePerSecond?: number | null | undefined;
  /** How long a request may take; then it counts as lost. Default 10. */
  readonly timeoutSeconds?: number | undefined;
  /** Makes each request from the workload's next key. Default: `GET /users/<key + 1>`. */
  readonly request?: ((key: number) => LabRequest) | undefined;
  /** Sees each response as it comes; parsed headers, no body. */
  readonly onResponse?: ((response: TrafficResponse) => void) | undefined;
  /** Each is begun, in order, once so many responses have come; traffic goes on meanwhile. */
  readonly events?: readonly TrafficEvent[] | undefined;
}

/** Something that is to happen while traffic runs. */
interface TrafficEvent {
  readonly afterResponses: number;
  readonly label: string;
  readonly slot?: number | undefined;
  act(): Promise<unknown>;
}

/** What became of traffic. */
export interface TrafficResult {
  readonly sent: number;
  /** The others were lost: their connection broke or timed out. */
  readonly answered: number;
}

/** One response of running traffic. */
export interface TrafficResponse {
  readonly key: number;
  readonly status: number;
  readonly slot: number;
  readonly outcome: Outcome;
  readonly latencyMicros: number;
  readonly arrivedMillis: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** What a scenario may do while a phase is being recorded. */
export interface PhaseLab {
  /** Drives the workload's stream at the fleet's shared address. */
  traffic(plan?: TrafficPlan): Promise<TrafficResult>;
  /** One request to one worker, over a fresh connection to it alone. */
  ask(slot: number, request: LabRequest): Promise<LabResponse>;
  /** One request over a fresh connection to the shared address: the launcher chooses the worker. */
  askFleet(request: LabRequest): Promise<LabResponse>;
  /** The keys each worker holds now, as its cache made them, by slot; from the control sockets. */
  holdings(): Promise<{ slot: number; pid: number; keys: string[] | null }[]>;
  /** Writes down that something happened now. */
  event(label: string, slot?: number): void;
  /** Rolling restart; done when all new workers answer. */
  reload(): Promise<void>;
  /** Where the arm has several servers: from now on its balancer sends to these alone, counted from 1. */
  useServers(servers: readonly number[]): Promise<void>;
  /** SIGKILL to one worker; done when its replacement answers. */
  kill(slot: number): Promise<void>;
  /** Clears the cache of one worker, over its control socket. */
  clear(slot: number): Promise<void>;
}

/** What a scenario calls the event that it kills the service: lookups that fail are its doing. */
export const SERVICE_KILLED = 'service killed';

/** The service behind a shared backend, as a scenario may treat it. */
export interface LabService {
  /** The program that the lab started, or the address of the service that ran already. */
  readonly name: string;
  /** From the program's start until it answered; `null`: it ran already. */
  readonly startMillis: number | null;
  /** What the lab may do to a service that is its own; `null`: it belongs to somebody else. */
  readonly own: {
    /** SIGKILL; done when it is gone. */
    kill(): Promise<void>;
    /** After a kill, at the same address; done when it answers. */
    restart(): Promise<void>;
    memory(): Promise<ServiceMemory>;
  } | null;
}

/** What a service takes, in bytes. */
export interface ServiceMemory {
  /** For its entries, as it counts them itself: what it adds for each of them differs by program. */
  readonly entriesBytes: number;
  /** Its process in the machine's memory; `null` where the system does not say. */
  readonly residentBytes: number | null;
}

/** One arm as a scenario sees it: a running fleet and the means to study it. */
export interface Lab {
  readonly plan: ArmPlan;
  /** `null`: the backend needs no service. */
  readonly service: LabService | null;
  /**
   * Records a phase: every worker's counters are read before and after `act`, the ledger is
   * audited against them and summed up. What `act` does must be awaited inside.
   */
  phase<Result>(name: string, act: (phase: PhaseLab) => Promise<Result>): Promise<Result>;
}

/** What a scenario holds against theory; {@link judge} says whether it agrees. */
export type Held = Omit<Finding, 'claim' | 'agrees'> & {
  /** Left out: the first of the scenario's. `null`: of none, so it proves none. */
  readonly claim?: string | null;
};

/** A recorded arm with what only its scenario measures. */
export type SeenArm<Seen> = Omit<Arm, 'observations'> & { readonly observations: Seen };

/**
 * One lesson: a question, the arms that answer it, what theory expects, the sentence. `Seen` is what
 * only this scenario measures of an arm. Everything after `measure` works from the recorded arms
 * alone, so that it can be repeated, tested and proved able to say no.
 */
export interface Scenario<Seen = unknown> {
  readonly name: string;
  readonly question: string;
  /** The claims of the course that it shows, e.g. `C4`. */
  readonly claims: readonly string[];
  /** How long it takes with its defaults on two cores. */
  readonly seconds: number;
  readonly defaults?: Partial<ScenarioOptions>;
  /** A smaller run that still shows the effect; the tests use it. */
  readonly quick?: Partial<ScenarioOptions>;
  /** Orders in the database; fewer make a miss cheaper, where thousands of misses are no news. */
  readonly originOrders?: number;
  /** Options that mean nothing here, each with the reason; giving one is refused by name. */
  readonly unused?: Unused;
  /** Options that mean nothing to most scenarios, and something here; of launchers, more than one. */
  readonly uses?: readonly ('launchers' | 'backends' | 'rounds')[];
  /** All reasons why these options cannot be used; `null`s are none. Left out: any can. */
  refuse?(options: ScenarioOptions): readonly (Refusal | null)[];
  arms(options: ScenarioOptions): ArmPlan[];
  /** The experiment's protocol, run once for each arm. What it gives back is kept with the arm. */
  measure(lab: Lab): Promise<Seen>;
  /** What was measured of one arm, with what theory says of it; `null`s are none. */
  findings(arm: SeenArm<Seen>): readonly (Held | null)[];
  /** The same for what several arms tell together. */
  comparisons?(arms: readonly SeenArm<Seen>[]): readonly (Held | null)[];
  /** What happened, with its figures; `null`: too little was measured to say. */
  sentence(arms: readonly SeenArm<Seen>[]): string | null;
  /** The sentence's figures at a glance; `null`: there is nothing to hold against anything. */
  headline?(arms: readonly SeenArm<Seen>[]): Headline | null;
  /** Figures beside those that every report has; `null`s are none. */
  exhibits?(arms: readonly SeenArm<Seen>[]): readonly (Exhibit | null)[];
}
