import { type Fault, usageError } from '../console/errors.ts';
import { type LabCommand, number, span, wholeNumber, wholeNumbers } from '../console/flags.ts';
import type { LookupTimes } from '../simulate/simulated-trace.ts';
import type { SimulationOptions } from '../simulate/simulation-options.ts';
import type { ExtraColumn } from '../simulate/trace/trace-batch.ts';
import type { TraceReader } from '../simulate/trace/trace-reader.ts';

/** What happens to the workers of a simulation, and to the keys, while requests come. */
export interface LifeFlags {
  readonly routing: SimulationOptions['routing'];
  readonly sizes?: number[];
  readonly idle?: number;
  readonly restartEvery?: number;
  readonly maxRequests?: number;
  readonly maxRequestsJitter?: number;
  readonly writes?: boolean;
  readonly hitMs?: number;
  readonly missMs?: number;
  readonly sharedMs?: number;
  readonly sample: number;
}

/** nginx's `keepalive_timeout`. */
const IDLE_SECONDS = 75;
/** A size of the curve is a bit of a number. */
const MOST_SIZES = 24;

export function addLifeFlags(command: LabCommand): LabCommand {
  return command
    .option(
      '--sizes <list>',
      'entries in each worker, for the curve over memory',
      wholeNumbers(1, 1e8),
    )
    .option(
      '--idle <seconds>',
      `with --routing by-client: a connection ends when it was idle for longer (default: ${IDLE_SECONDS})`,
      number(0, 1e9),
    )
    .option(
      '--restart-every <time>',
      'all workers are replaced, as by a deployment: 6h, 90m, 30s',
      span,
    )
    .option(
      '--max-requests <n>',
      'a worker is replaced after so many requests',
      wholeNumber(1, 1e9),
    )
    .option('--max-requests-jitter <n>', 'and up to so many more, by chance', wholeNumber(0, 1e9))
    .option(
      '--hit-ms <ms>',
      'a hit in the own cache, to weigh it against a shared one (default: 0)',
      number(0, 1e6),
    )
    .option('--miss-ms <ms>', 'what a miss adds: the database', number(0, 1e6))
    .option('--shared-ms <ms>', 'a lookup in a shared cache', number(0, 1e6))
    .option('--writes', 'PUT, PATCH and DELETE remove what they change, in their own worker alone');
}

/** What is wrong with these flags, before a line was read. */
export function lifeFaults(flags: LifeFlags): Fault[] {
  const faults: Fault[] = [];
  const refuse = (isWrong: boolean, message: string, remedy: string) => {
    if (isWrong) faults.push({ message, remedy });
  };
  refuse(
    flags.idle !== undefined && flags.routing !== 'by-client',
    `--idle is for --routing by-client, and this is ${flags.routing}.`,
    'Leave it out, or say --routing by-client.',
  );
  refuse(
    flags.maxRequestsJitter !== undefined && flags.maxRequests === undefined,
    '--max-requests-jitter is nothing without --max-requests.',
    'Say after how many requests a worker is replaced.',
  );
  refuse(
    (flags.sizes?.length ?? 0) > MOST_SIZES,
    `--sizes has ${flags.sizes?.length} sizes, and ${MOST_SIZES} is the most.`,
    'Name fewer.',
  );
  refuse(
    (flags.missMs === undefined) !== (flags.sharedMs === undefined) ||
      (flags.hitMs !== undefined && flags.missMs === undefined),
    '--hit-ms, --miss-ms and --shared-ms are weighed against each other.',
    'Give --miss-ms and --shared-ms.',
  );
  const whole =
    flags.routing === 'by-client' || flags.maxRequests !== undefined || flags.writes === true;
  refuse(
    whole && flags.sample < 1,
    '--sample leaves out requests that --routing by-client, --max-requests and --writes count.',
    'Leave it out, or them.',
  );
  return faults;
}

/** What a batch needs for them. */
export function lifeColumns({ routing, writes }: LifeFlags): ExtraColumn[] {
  return [
    ...(routing === 'by-client' ? (['client'] as const) : []),
    ...(writes ? (['write'] as const) : []),
  ];
}

/**
 * What the simulation is told, once it is known what the trace tells.
 *
 * @throws UsageError where the trace does not tell what a flag needs
 */
export function lifeOptions(flags: LifeFlags, reader: TraceReader): Partial<SimulationOptions> {
  const { routing, idle, restartEvery, maxRequests, maxRequestsJitter, writes } = flags;
  const needs = (isTold: boolean, flag: string, what: string, remedy: string) => {
    if (!isTold)
      throw usageError(`${flag} cannot be simulated: the trace does not tell ${what}.`, remedy);
  };
  if (routing === 'by-client') {
    needs(
      reader.columns.has('client'),
      '--routing by-client',
      'who asked',
      'Give a trace with clients, such as an access log, or another --routing.',
    );
    needs(
      reader.hasTimes,
      '--routing by-client',
      'when requests came',
      'Give --rate, or a trace with times.',
    );
  }
  if (writes)
    needs(
      reader.columns.has('write'),
      '--writes',
      'what requests do',
      'Give a trace with methods, such as an access log.',
    );
  if (restartEvery !== undefined) {
    needs(
      reader.hasTimes,
      '--restart-every',
      'when requests came',
      'Give --rate, or a trace with times.',
    );
  }
  const isReplaced = restartEvery !== undefined || maxRequests !== undefined;
  return {
    idleSeconds: idle ?? IDLE_SECONDS,
    hasWrites: writes ?? false,
    ...(isReplaced && {
      replacement: {
        everySeconds: restartEvery ?? Infinity,
        maxRequests: maxRequests ?? Infinity,
        jitter: maxRequestsJitter ?? 0,
      },
    }),
  };
}

/** How long lookups take; `undefined` where it was not given. */
export function lookupTimes({ hitMs, missMs, sharedMs }: LifeFlags): LookupTimes | undefined {
  if (missMs === undefined || sharedMs === undefined) return undefined;
  return { hit: hitMs ?? 0, miss: missMs, shared: sharedMs };
}
