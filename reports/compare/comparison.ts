import { runParts } from '../figures/run-parts.ts';
import { type Measure, SHOWN } from '../record/measures.ts';
import type { Arm, Phase, RunRecord } from '../record/schema.ts';
import { type Difference, differenceOf, isTold, mean, type Sample } from './spread.ts';

/** Two or more runs side by side; the first is what the others are held against. */
export interface Comparison {
  readonly runs: readonly ComparedRun[];
  /** What was different before anything was measured: scenario, options, machine. */
  readonly differences: readonly { readonly what: string; readonly values: readonly string[] }[];
  /** What a reader must know before believing the table. */
  readonly cautions: readonly string[];
  readonly rows: readonly ComparedRow[];
}

/** A run, and what it is called here. */
export interface ComparedRun {
  /** `A`, `B`, … */
  readonly letter: string;
  readonly record: RunRecord;
}

/** One figure of one arm and phase. */
export interface ComparedRow {
  /** Arm and phase; where runs call theirs differently, all names. */
  readonly part: string;
  readonly measure: Measure;
  /** One for each run; `null` where a run has nothing to compare. */
  readonly samples: readonly (Sample | null)[];
  /** Of each run but the first from the first; `null` where either is missing. */
  readonly changes: readonly (Change | null)[];
}

/** A difference and what may be said of it. */
export interface Change extends Difference {
  readonly verdict: 'better' | 'worse' | 'other' | 'not told' | 'same';
}

/** Compares records; throws nothing, whatever they hold. */
export function compareRecords(records: readonly RunRecord[]): Comparison {
  const runs = records.map((record, index) => ({ letter: letterOf(index), record }));
  return {
    runs,
    differences: differencesOf(records),
    cautions: cautionsOf(runs),
    rows: pairParts(records.map(partsOf)).flatMap((parts) =>
      SHOWN.compare.flatMap((measure) => rowOf(parts, measure)),
    ),
  };
}

/** The rounds of one phase of one arm. */
interface Part {
  readonly label: string;
  readonly plan: Arm;
  readonly rounds: readonly Phase[];
}

/** Scenarios put the round into the arm's name. */
function partsOf(record: RunRecord): Part[] {
  const rounds = Map.groupBy(runParts(record), ({ label }) => label.replace(/, round \d+/, ''));
  return [...rounds].map(([label, group]) => ({
    label,
    plan: group[0]!.arm,
    rounds: group.map(({ phase }) => phase),
  }));
}

/** Rows of the first run's parts, each with those of the other runs that go with it. */
function pairParts([first = [], ...others]: readonly Part[][]): (Part | null)[][] {
  const partners = others.map((parts) => partnersOf(first, parts));
  return first.map((part, row) => [part, ...partners.map((column) => column[row]!)]);
}

/**
 * Parts of the same name go together. What is left on both sides goes together in its order, if
 * there is as much of it, as when one run had 4 workers and the other 8.
 */
function partnersOf(first: readonly Part[], parts: readonly Part[]): (Part | null)[] {
  const named = first.map(({ label }) => parts.find((part) => part.label === label) ?? null);
  const rest = parts.filter((part) => !named.includes(part));
  const gaps = named.filter((part) => part === null).length;
  return rest.length === gaps ? named.map((part) => part ?? rest.shift()!) : named;
}

function rowOf(parts: readonly (Part | null)[], measure: Measure): ComparedRow[] {
  const samples = parts.map((part) => part && sampleOf(part, measure));
  const [first] = samples;
  if (!first || samples.filter((sample) => sample !== null).length < 2) return [];
  const names = [...new Set(parts.flatMap((part) => (part ? [part.label] : [])))];
  const changes = samples.slice(1).map((sample, index) => {
    if (!sample) return null;
    const same = expectsTheSame(parts[0]!.plan, parts[index + 1]!.plan);
    const difference = differenceOf(first, sample, same);
    return { ...difference, verdict: verdictOf(difference, measure) };
  });
  return [{ part: names.join(' / '), measure, samples, changes }];
}

function sampleOf({ rounds }: Part, measure: Measure): Sample | null {
  const values = rounds.map(measure.of).filter((value) => value !== null);
  if (values.length === 0) return null;
  const expected = rounds.length === 1 ? (measure.expected?.(rounds[0]!) ?? null) : null;
  return { values, expected };
}

/** What the formulas know of, but for how requests fell on the workers. */
function expectsTheSame(a: Arm, b: Arm): boolean {
  const known = ({ workers, backend, cache, workload }: Arm) =>
    JSON.stringify([workers, backend, cache, { ...workload, seed: 0 }]);
  return known(a) === known(b);
}

function verdictOf(difference: Difference, { better }: Measure): Change['verdict'] {
  if (difference.value === 0) return 'same';
  if (!isTold(difference)) return 'not told';
  if (better === null) return 'other';
  // Stryker disable next-line EqualityOperator: no difference at all is the same, as said above
  return difference.value > 0 === (better === 'higher') ? 'better' : 'worse';
}

/** The mean over the rounds of a sample. */
export function centre(sample: Sample): number {
  return mean(sample.values);
}

function differencesOf(records: readonly RunRecord[]): Comparison['differences'] {
  const facts = records.map(factsOf);
  const names = [...new Set(facts.flatMap((one) => Object.keys(one)))];
  return names
    .map((what) => ({ what, values: facts.map((one) => one[what] ?? '–') }))
    .filter(({ values }) => new Set(values).size > 1);
}

function factsOf({ scenario, options, environment }: RunRecord): Record<string, string> {
  return {
    scenario: scenario.name,
    ...Object.fromEntries(
      Object.entries(options).map(([name, value]) => [name, optionText(value)]),
    ),
    processor: environment.cpu,
    cores: String(environment.cores),
    node: environment.node,
    ...environment.versions,
  };
}

function optionText(value: RunRecord['options'][string]): string {
  if (value === null) return 'none';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function cautionsOf(runs: readonly ComparedRun[]): string[] {
  const cautions: string[] = [];
  const differ = (of: (record: RunRecord) => string) =>
    new Set(runs.map(({ record }) => of(record))).size > 1;
  if (differ((record) => record.scenario.name)) {
    cautions.push(
      'These runs are of different scenarios. Arms with the same name may not have done the same.',
    );
  }
  if (differ(({ environment }) => `${environment.cpu} ${environment.cores}`)) {
    cautions.push('They ran on different machines: latencies and requests/s compare those too.');
  }
  for (const { letter, record } of runs) {
    if (record.status !== 'complete') {
      cautions.push(`${letter} is ${record.status}: it holds only what was measured until then.`);
    }
    if (record.arms.some((arm) => arm.phases.some((phase) => !phase.audit.clean))) {
      cautions.push(`The audit of ${letter} failed: do not use its figures.`);
    }
  }
  return cautions;
}

function letterOf(index: number): string {
  return String.fromCharCode(65 + index);
}
