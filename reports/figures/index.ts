import { MEASURES, type Measure } from '../record/measures.ts';
import type { RunRecord } from '../record/schema.ts';
import { hitRateByArm, missesFigure, originFigure } from './by-arm.ts';
import { hitRateByWorker, loadFigures } from './by-worker.ts';
import { exhibitFigures } from './exhibits.ts';
import type { Figure } from './figure.ts';
import { latencyFigures } from './latency.ts';
import { overTheRunFigures } from './over-the-run.ts';
import { largestArm, type PartGroup, partGroups } from './run-parts.ts';
import { sweepFigures } from './sweep.ts';

/** The figures of a report in reading order: one on the first screen, two below it, all others folded. */
export interface ReportFigures {
  readonly lead: Figure | null;
  readonly next: readonly Figure[];
  readonly more: readonly FigureGroup[];
}

/** Figures that belong together under one heading. */
export interface FigureGroup {
  readonly id: string;
  readonly title: string;
  readonly figures: readonly Figure[];
}

/** More figures than this beside the first bury what there is to see. */
const MOST_NEXT = 2;

/** All figures that say something of this run. A new one is a file and a line here. */
export function figuresOf(whole: RunRecord): ReportFigures {
  const record = trafficOf(whole);
  const exhibits = exhibitFigures(whole);
  const byWorker = hitRateByWorker(record);
  const [sweep, phases] = [sweepFigures(record), partGroups(record)];
  const has = (measure: Measure) => (group: PartGroup) =>
    group.parts.some(({ phase }) => (measure.of(phase) ?? 0) > 0);
  const overTheRun = phases.some(has(MEASURES.lookups)) ? overTheRunFigures(record) : [];
  const byArm = phases.filter(has(MEASURES.hits)).map(hitRateByArm);
  const misses = phases.filter(has(MEASURES.misses)).map(missesFigure);
  const origin = phases.filter(has(MEASURES.originQueries)).map(originFigure);
  const measured = whole.arms.length > 0;
  const groups: FigureGroup[] = [
    {
      id: 'exhibits',
      title: measured ? 'What this scenario shows' : 'What was computed',
      figures: exhibits,
    },
    { id: 'sweep', title: 'From one worker to many', figures: sweep },
    { id: 'hit-rates', title: 'Hit rates', figures: [...byArm, ...byWorker, ...overTheRun] },
    { id: 'costs', title: 'Misses and what they cost', figures: [...misses, ...origin] },
    { id: 'load', title: 'Who did the work', figures: loadFigures(record) },
    { id: 'latency', title: 'How long an answer took', figures: latencyFigures(record) },
  ];
  const largest = largestArm(record);
  const ofLargest = byWorker.filter(({ arm }) => arm === largest).slice(-1);
  const drawn = exhibits.filter(({ chart, picture }) => chart !== null || picture !== undefined);
  const ranked = new Set([
    // A table needs its words, so it does not lead; but a scenario's own tells more than what follows.
    ...[...(drawn.length > 0 ? drawn : ofLargest), ...exhibits],
    ...[...ofLargest, ...sweep.slice(0, 1), ...overTheRun.slice(0, 1), ...misses.slice(0, 1)],
  ]);
  const [lead = null, ...others] = ranked;
  const next = others.slice(0, MOST_NEXT);
  const shown = new Set([lead, ...next]);
  return {
    lead,
    next,
    more: groups
      .map((group) => ({ ...group, figures: group.figures.filter((one) => !shown.has(one)) }))
      .filter(({ figures }) => figures.length > 0),
  };
}

/** A rate of fewer requests than so many for each worker says nothing. */
const FEW_EACH = 20;

/**
 * The record without phases that say nothing about the cache: those with hardly a request, and those
 * whose requests a protocol chose. How many of these were hits, and how long they took, tells of the
 * protocol; their figures are the scenario's own.
 */
function trafficOf(record: RunRecord): RunRecord {
  const arms = record.arms.map((arm) => ({
    ...arm,
    phases: arm.phases.filter(
      ({ protocol, totals }) => !protocol && totals.requests >= FEW_EACH * arm.workers,
    ),
  }));
  return { ...record, arms: arms.filter(({ phases }) => phases.length > 0) };
}
