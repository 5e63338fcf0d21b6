/**
 * What the seed decides of a run, taken out of its record: two commits that do the same show the same
 * here, however their processes were scheduled. Records of different versions are read as they stand
 * in the file, because no single schema would accept both.
 */

/** Anything out of a record; what is not where it was expected is `undefined`. */
type Json = unknown;

/** Where each compared thing stands, as a path from its record, arm, phase or finding. */
const PLACES = {
  arms: 'arms',
  findings: 'verdict.findings',
  exhibits: 'exhibits',
  armName: 'name',
  plan: {
    workers: 'workers',
    launcher: 'launcher',
    backend: 'backend',
    routing: 'routing',
    connections: 'connections',
    ratePerSecond: 'ratePerSecond',
    round: 'round',
    maxEntries: 'cache.maxEntries',
    timeoutSeconds: 'cache.timeoutSeconds',
    cullFrequency: 'cache.cullFrequency',
    originDelayMillis: 'originDelayMillis',
    popularity: 'workload.popularity',
    zipf: 'workload.zipf',
    keys: 'workload.keys',
    seed: 'workload.seed',
  },
  phases: 'phases',
  phaseName: 'name',
  traceNames: 'trace.keys',
  traceKeys: 'trace.key',
  workers: 'workers',
  requests: 'requests',
  cold: 'totals.misses.cold',
  evicted: 'totals.misses.evicted',
  expired: 'totals.misses.expired',
  expectation: 'expected',
  expectedMisses: 'misses.value',
  what: 'what',
  claim: 'claim',
  unit: 'unit',
  estimate: 'expected',
  value: 'value',
  low: 'low',
  high: 'high',
  exhibitKind: 'kind',
  exhibitTitle: 'title',
};
type Places = typeof PLACES;

/** By the record's version; a later one tells what it moved. */
const VERSIONS: Readonly<Record<number, Places>> = { 1: PLACES, 2: { ...PLACES } };

/** How far the seed decides which keys are asked for. */
type KeyRule = 'in order' | 'in any order' | 'as far as both went' | 'not at all';

/** Phases whose keys the seed decides only in part; all others ask in the order of the one stream. */
const KEY_RULES: readonly { scenario: string; phase: RegExp; rule: KeyRule; because: string }[] = [
  {
    scenario: 'memory',
    phase: /./,
    rule: 'in any order',
    because: 'all workers are filled at once',
  },
  {
    scenario: 'restart',
    phase: /reload/,
    rule: 'as far as both went',
    because: 'traffic lasts as long as the reload',
  },
  {
    scenario: 'restart',
    phase: /killed/,
    rule: 'not at all',
    because: 'the reload before it took a number of keys that depends on its duration',
  },
  {
    scenario: 'shared-cache',
    phase: /updates|service restarted|outage/,
    rule: 'not at all',
    because: 'a page is asked for until it is the new one, or the service is back',
  },
];

/** Findings that are expected, or even named, after what fell where; each with one name for all. */
const FOUND_BY_CHANCE: readonly (readonly [RegExp, string])[] = [
  [/times that the scraped value fell/, 'times that the scraped value fell'],
  [/that [\d,]+ culls dropped/, 'that … culls dropped'],
  [
    /, where requests came too unevenly for the formula,| against the formula for an even flow,/,
    ' and the formula for an even flow,',
  ],
];

/** A key that stands for none, for requests of other pages: version 1 counted them among the keys. */
const NO_KEY = 'user_4294967296';

/** One thing to compare. */
export interface Fact {
  readonly value: Json;
  /** What it is conditional on: where this differs, chance did, and the fact is not compared. */
  readonly given?: string;
  /** For keys: how far they are decided. */
  readonly keys?: KeyRule;
}

/**
 * The facts of a record, by what they are.
 *
 * @throws Error where a record is of an unknown version, or has not what is compared where it should
 */
export function decidedBySeed(record: Json): Map<string, Fact> {
  const version = Number(at(record, 'version'));
  const places = VERSIONS[version];
  if (!places) throw new Error(`A record of version ${version} is not known here.`);
  const facts = new Map<string, Fact>();
  const scenario = String(need(record, 'scenario.name'));
  const arms = list(record, places.arms);
  facts.set('arms', { value: arms.map((arm) => need(arm, places.armName)) });
  for (const arm of arms) armFacts(facts, arm, { places, scenario });
  const findings = list(record, places.findings);
  facts.set('findings', { value: findings.map((finding) => name(finding, places)) });
  for (const finding of findings) findingFacts(facts, finding, places);
  facts.set('exhibits', {
    value: list(record, places.exhibits).map(
      (one) => `${need(one, places.exhibitKind)}: ${need(one, places.exhibitTitle)}`,
    ),
  });
  return facts;
}

function armFacts(
  facts: Map<string, Fact>,
  arm: Json,
  { places, scenario }: { places: Places; scenario: string },
): void {
  const armName = String(need(arm, places.armName));
  for (const [field, place] of Object.entries(places.plan)) {
    facts.set(`${armName} › ${field}`, { value: need(arm, place) });
  }
  const phases = list(arm, places.phases);
  facts.set(`${armName} › phases`, { value: phases.map((phase) => need(phase, places.phaseName)) });
  for (const phase of phases) {
    const phaseName = String(need(phase, places.phaseName));
    const label = `${armName} › ${phaseName}`;
    const keys = keysOf(phase, places);
    const rule = KEY_RULES.find((one) => one.scenario === scenario && one.phase.test(phaseName));
    facts.set(`${label} › keys`, { value: keys, keys: rule?.rule ?? 'in order' });
    const alone = need(arm, places.plan.workers) === 1;
    const shared = need(arm, places.plan.backend) !== 'locmem';
    countFacts(facts, phase, { places, label, alone, shared });
  }
}

/** The keys in the order in which they were drawn. */
function keysOf(phase: Json, places: Places): string[] {
  const names = list(phase, places.traceNames);
  return list(phase, places.traceKeys)
    .map((index) => String(names[Number(index)]))
    .filter((key) => key !== NO_KEY);
}

/**
 * How many misses there were and how many theory expects. With several workers that depends on the
 * shares that fell to each; where entries were dropped, also on when and in which order they came;
 * with one cache for all, on how many of them loaded the same page at once.
 */
function countFacts(
  facts: Map<string, Fact>,
  phase: Json,
  {
    places,
    label,
    alone,
    shared,
  }: { places: Places; label: string; alone: boolean; shared: boolean },
): void {
  const requests = list(phase, places.workers).map((worker) => need(worker, places.requests));
  if (alone) {
    facts.set(`${label} › requests`, { value: requests[0] });
    facts.set(`${label} › cold misses`, { value: need(phase, places.cold) });
  }
  const lost = Number(need(phase, places.evicted)) + Number(need(phase, places.expired));
  const timed = Number(need(phase, places.expired)) > 0;
  const expectation = need(phase, places.expectation);
  if (expectation === null || timed || shared || (lost > 0 && !alone)) return;
  facts.set(`${label} › expected misses`, {
    value: need(expectation, places.expectedMisses),
    given: `requests ${requests.join(' + ')}`,
  });
}

function findingFacts(facts: Map<string, Fact>, finding: Json, places: Places): void {
  const label = `finding "${name(finding, places)}"`;
  facts.set(`${label} › claim`, { value: need(finding, places.claim) });
  facts.set(`${label} › unit`, { value: need(finding, places.unit) });
  if (chanceFound(finding, places)) return;
  const estimate = need(finding, places.estimate);
  facts.set(`${label} › has an expectation`, { value: estimate !== null });
  if (estimate === null) return;
  const [value, low, high] = [places.value, places.low, places.high].map((p) => need(estimate, p));
  if (low === value && high === value) facts.set(`${label} › expected exactly`, { value });
}

function chanceFound(finding: Json, places: Places) {
  return FOUND_BY_CHANCE.find(([pattern]) => pattern.test(String(need(finding, places.what))));
}

/** What was measured, in the words of the finding. */
function name(finding: Json, places: Places): string {
  const what = String(need(finding, places.what));
  const found = chanceFound(finding, places);
  return found ? what.replace(found[0], found[1]) : what;
}

function list(from: Json, path: string): Json[] {
  const value = need(from, path);
  if (!Array.isArray(value)) throw new Error(`${path} is not a list.`);
  return value;
}

function need(from: Json, path: string): Json {
  const value = at(from, path);
  if (value === undefined) throw new Error(`The record has no ${path} where it is looked for.`);
  return value;
}

function at(from: Json, path: string): Json {
  return path
    .split('.')
    .reduce<Json>((value, step) => (value as Record<string, Json> | null)?.[step], from);
}
