import type { Arm, Finding, RunRecord } from '../../reports/record/schema.ts';

/**
 * What the seed decides: a tree of names with plain values. An object with a `given` depends on what
 * chance did; it is compared only with one that has the same.
 */
export type Decided =
  | { readonly [name: string]: Decided }
  | readonly string[]
  | string
  | number
  | null;

/**
 * What the seed decides of a run, taken out of its record: two commits that do the same show the same
 * here, however their processes were scheduled. The record may be of an older version than this lab
 * reads; what is taken stands in the same place in all that are known.
 *
 * @throws Error for a record of an unknown version
 */
export function decidedBySeed(record: RunRecord): Decided {
  const { scenario, arms, verdict, exhibits } = record;
  const version: number = record.version;
  if (version !== 1 && version !== 2) {
    throw new Error(`A record of version ${version} is not known here.`);
  }
  return {
    arms: named(
      arms,
      ({ name }) => name,
      (arm) => ofArm(arm, scenario.name),
    ),
    findings: named(verdict!.findings, nameOf, ofFinding),
    exhibits: named(
      exhibits,
      ({ kind, title }) => `${kind}: ${title}`,
      () => '',
    ),
  };
}

function ofArm(arm: Arm, scenario: string): Decided {
  const { workers, launcher, backend, cache, routing, connections, ratePerSecond, round } = arm;
  const { workload, originDelayMillis } = arm;
  return {
    ...{ workers, launcher, backend, cache, routing, connections, ratePerSecond, round },
    ...{ workload, originDelayMillis },
    phases: named(
      arm.phases,
      ({ name }) => name,
      (phase) => ({ ...keysOf(phase, scenario), ...missesOf(phase, arm) }),
    ),
  };
}

type Phase = Arm['phases'][number];

/** Phases whose keys the seed decides only in part; all others ask in the order of the one stream. */
const KEY_RULES = [
  ['memory', /./, 'in any order', 'all workers are filled at once'],
  ['restart', /reload/, 'as far as both went', 'traffic lasts as long as the reload'],
  ['restart', /killed/, 'not at all', 'the reload before it took as many keys as it took time'],
  [
    'shared-cache',
    /updates|service restarted|outage/,
    'not at all',
    'a page is asked for until it is the new one, or the service is back',
  ],
] as const;

/** What stands for no key, for requests of other pages; the first in version 1. */
const NO_KEY = ['user_4294967296', ''];

/** The keys in the order in which they were drawn, as far as that is decided. */
function keysOf({ name, trace }: Phase, scenario: string): { readonly [name: string]: Decided } {
  const keys = trace!.key
    .map((index) => trace!.keys[index]!)
    .filter((key) => !NO_KEY.includes(key));
  const [, , decided] = KEY_RULES.find((rule) => rule[0] === scenario && rule[1].test(name)) ?? [];
  switch (decided) {
    case 'not at all':
      return {};
    case 'as far as both went':
      return { keys };
    case 'in any order':
      return { 'number of keys': keys.length, keys: keys.toSorted() };
    default:
      return { 'number of keys': keys.length, keys };
  }
}

/**
 * How many misses there were and how many theory expects. With several workers that depends on the
 * shares that fell to each; where entries were dropped, also on when and in which order they came;
 * with one cache for all, on how many of them loaded the same page at once.
 */
function missesOf(phase: Phase, { workers, backend }: Arm): { readonly [name: string]: Decided } {
  const { expected, totals } = phase;
  const { cold, evicted, expired } = totals.misses;
  const counted = { requests: phase.workers[0]!.requests, 'cold misses': cold };
  const isDecided = backend === 'locmem' && expired === 0 && (evicted === 0 || workers === 1);
  const given = phase.workers.map(({ requests }) => requests).join(' + ');
  return {
    ...(workers === 1 && counted),
    ...(isDecided && expected && { 'expected misses': { given, value: expected.misses.value } }),
  };
}

/** Findings that are expected, or even named, after what fell where; each with one name for all. */
const FOUND_BY_CHANCE = [
  [/times that the scraped value fell/, 'times that the scraped value fell'],
  [/that [\d,]+ culls dropped/, 'that … culls dropped'],
  [
    /, where requests came too unevenly for the formula,| against the formula for an even flow,/,
    ' and the formula for an even flow,',
  ],
] as const;

const foundByChance = ({ what }: Finding) => FOUND_BY_CHANCE.find(([text]) => text.test(what));

/** What was measured, in the words of the finding. */
function nameOf(finding: Finding): string {
  const found = foundByChance(finding);
  return found ? finding.what.replace(found[0], found[1]) : finding.what;
}

function ofFinding(finding: Finding): Decided {
  const { claim, unit, expected } = finding;
  if (foundByChance(finding)) return { claim, unit };
  const isExact = expected !== null && expected.low === expected.high;
  return { claim, unit, expected: isExact ? expected.value : expected && 'an interval' };
}

function named<One>(
  list: readonly One[],
  nameOf: (one: One) => string,
  of: (one: One) => Decided,
): Decided {
  // Names came to be written with no-break spaces; to a reader they are the same.
  return Object.fromEntries(list.map((one) => [nameOf(one).replaceAll('\u00a0', ' '), of(one)]));
}
