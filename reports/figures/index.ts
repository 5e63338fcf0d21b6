import type { RunRecord } from '../record/schema.ts';
import { lookupsOf } from '../record/tally.ts';
import { hitRateByArm, missesFigure, originFigure } from './by-arm.ts';
import { hitRateByWorker, loadFigures } from './by-worker.ts';
import { exhibitFigures } from './exhibits.ts';
import type { Figure } from './figure.ts';
import { latencyFigures } from './latency.ts';
import { overTheRunFigures } from './over-the-run.ts';
import { baselineArm, largestArm, partGroups, runParts } from './run-parts.ts';
import { sweepFigures } from './sweep.ts';

/** Figures that belong together under one heading. */
export interface FigureGroup {
  readonly id: string;
  readonly title: string;
  readonly figures: readonly Figure[];
  /** The same for the arms between the baseline and the largest: folded. */
  readonly folded: readonly Figure[];
}

/** The figures of a report in reading order. A new one is a file and a line here. */
export function figureGroups(whole: RunRecord): FigureGroup[] {
  const record = trafficOf(whole);
  const measured = whole.arms.length > 0;
  // A scenario about sessions or counters may not look anything up.
  const lookedUp = runParts(record).some(({ phase }) => lookupsOf(phase.totals) > 0);
  const groups: (readonly [id: string, title: string, figures: Figure[]])[] = [
    [
      'exhibits',
      measured ? 'What this scenario shows' : 'What was computed',
      exhibitFigures(record),
    ],
  ];
  if (lookedUp) {
    const besides = partGroups(record);
    const rates = [...besides.map(hitRateByArm), ...hitRateByWorker(record)];
    const costs = besides.flatMap((parts) => [missesFigure(parts), originFigure(parts)]);
    groups.push(
      ['sweep', 'From one worker to many', sweepFigures(record)],
      ['hit-rates', 'Hit rates', [...rates, ...overTheRunFigures(record)]],
      ['costs', 'Misses, and what they cost', costs],
    );
  }
  groups.push(
    ['load', 'Who did the work', loadFigures(record)],
    ['latency', 'How long an answer took', latencyFigures(record)],
  );
  const featured = new Set([baselineArm(record), largestArm(record)]);
  const isFeatured = ({ arm }: Figure) => arm === undefined || featured.has(arm);
  return groups
    .filter(([, , figures]) => figures.length > 0)
    .map(([id, title, figures]) => ({
      id,
      title,
      figures: figures.filter(isFeatured),
      folded: figures.filter((figure) => !isFeatured(figure)),
    }));
}

/**
 * The record without phases whose requests a protocol chose: how many of them were hits, and how
 * long they took, tells of the protocol and not of the cache. Their figures are the scenario's own.
 */
function trafficOf(record: RunRecord): RunRecord {
  const arms = record.arms.map((arm) => ({
    ...arm,
    phases: arm.phases.filter(({ protocol }) => !protocol),
  }));
  return { ...record, arms: arms.filter(({ phases }) => phases.length > 0) };
}
