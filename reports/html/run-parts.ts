import type { Arm, Phase, RunRecord, WorkerFigures } from '../record.ts';

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

function partLabel(arm: Arm, phase: Phase): string {
  return arm.phases.length === 1 ? arm.name : `${arm.name} · ${phase.name}`;
}
