import type { Arm, Phase, RunRecord, WorkerFigures } from '../record/schema.ts';

/** One phase of one arm: what a row or a group of bars stands for. */
export interface RunPart {
  /** The arm's name; with the phase's when the arm has several. Unique in the record. */
  readonly label: string;
  readonly arm: Arm;
  readonly phase: Phase;
}

/** All phases of all arms, in the order in which they ran. */
export function runParts(record: RunRecord): RunPart[] {
  return record.arms.flatMap((arm) =>
    arm.phases.map((phase) => ({ label: partLabel(arm, phase), arm, phase })),
  );
}

/** Parts that stand beside each other in one chart. */
export interface PartGroup {
  /** What a chart's title has after it: nothing, or the phase; and its id, likewise. */
  readonly suffix: { readonly title: string; readonly id: string };
  readonly parts: readonly RunPart[];
}

/** More bars than this have no room for names such as "4 × 75 entries · cold start". */
const MOST_BESIDE = 6;

/**
 * All parts that looked anything up; where they are too many for one chart, phase by phase, which
 * also keeps apart what cannot be compared.
 */
export function partGroups(record: RunRecord): PartGroup[] {
  const parts = runParts(record).filter(({ phase }) => lookupsOf(phase.totals) > 0);
  const phases = [...new Set(parts.map(({ phase }) => phase.name))];
  if (parts.length <= MOST_BESIDE || phases.length < 2) {
    return [{ suffix: { title: '', id: '' }, parts }];
  }
  return phases.map((name, index) => ({
    suffix: { title: ` · ${name}`, id: index === 0 ? '' : `-${index + 1}` },
    parts: parts
      .filter(({ phase }) => phase.name === name)
      .map((part) => ({ ...part, label: part.arm.name })),
  }));
}

/** A rate of fewer than so many for each worker says nothing about the worker. */
const FEW_EACH = 20;

/**
 * Parts that have a chart for each worker. Of a run with many phases, only those in which the
 * workers had something to do.
 */
export function partsByWorker(record: RunRecord): RunPart[] {
  const parts = runParts(record);
  return parts.filter(
    ({ phase: { workers, totals } }) =>
      workers.length > 1 &&
      (parts.length <= MOST_BESIDE || totals.requests >= FEW_EACH * workers.length),
  );
}

/**
 * The arm that the others are held against: the first with one worker, else the first.
 * `null` in a record that has no arm yet.
 */
export function baselineArm(record: RunRecord): Arm | null {
  return record.arms.find((arm) => arm.workers === 1) ?? record.arms[0] ?? null;
}

/** The arm that shows the most fragmentation: the last among those with the most workers. */
export function largestArm(record: RunRecord): Arm | null {
  const most = Math.max(0, ...record.arms.map((arm) => arm.workers));
  return record.arms.findLast((arm) => arm.workers === most) ?? null;
}

/** Cold, expired and evicted together. */
export function missesOf(figures: Pick<WorkerFigures, 'misses'>): number {
  return figures.misses.cold + figures.misses.expired + figures.misses.evicted;
}

/** Lookups: what a hit rate is a rate of. */
export function lookupsOf(figures: Pick<WorkerFigures, 'hits' | 'misses'>): number {
  return figures.hits + missesOf(figures);
}

/** More workers than this have no room under their bars for more than a number. */
const MOST_NAMED = 8;

/** Whether there is room for a name, and a count, under the bar of each worker. */
export function hasRoomForNames({ workers }: Phase): boolean {
  return workers.length <= MOST_NAMED;
}

/** What stands under the bars of a chart whose axis is called "worker". */
export function workerNames(phase: Phase): string[] {
  const named = hasRoomForNames(phase);
  return phase.workers.map(({ slot }) => (named ? `worker ${slot}` : String(slot)));
}

function partLabel(arm: Arm, phase: Phase): string {
  return arm.phases.length === 1 ? arm.name : `${arm.name} · ${phase.name}`;
}
