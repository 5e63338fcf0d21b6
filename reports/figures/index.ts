import type { RunRecord } from '../record/schema.ts';
import { exhibitFigures } from './exhibits.ts';
import type { Figure } from './figure.ts';
import { hitRateFigures } from './hit-rate.ts';
import { latencyFigures } from './latency.ts';
import { loadFigures, originFigure } from './load.ts';
import { missesFigure } from './misses.ts';
import { overTheRunFigures } from './over-the-run.ts';
import { baselineArm, largestArm, lookupsOf, partGroups, runParts } from './run-parts.ts';
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
export function figureGroups(record: RunRecord): FigureGroup[] {
  if (record.arms.length === 0) return computedFigures(record);
  const featured = new Set([baselineArm(record), largestArm(record)]);
  const group = (id: string, title: string, figures: readonly Figure[]): FigureGroup => ({
    id,
    title,
    figures: figures.filter((figure) => figure.arm === undefined || featured.has(figure.arm)),
    folded: figures.filter((figure) => figure.arm !== undefined && !featured.has(figure.arm)),
  });
  // A scenario about sessions or counters may not look anything up.
  const lookedUp = runParts(record).some(({ phase }) => lookupsOf(phase.totals) > 0);
  const whereLookedUp = (figures: () => readonly Figure[]) => (lookedUp ? figures() : []);
  return [
    group('exhibits', 'What this scenario shows', exhibitFigures(record)),
    group(
      'sweep',
      'From one worker to many',
      whereLookedUp(() => sweepFigures(record)),
    ),
    group(
      'hit-rates',
      'Hit rates',
      whereLookedUp(() => [...hitRateFigures(record), ...overTheRunFigures(record)]),
    ),
    group(
      'costs',
      'Misses, and what they cost',
      whereLookedUp(() =>
        partGroups(record).flatMap((parts) => [missesFigure(parts), originFigure(parts)]),
      ),
    ),
    group('load', 'Who did the work', loadFigures(record)),
    group('latency', 'How long an answer took', latencyFigures(record)),
  ].filter(({ figures, folded }) => figures.length + folded.length > 0);
}

/** What was computed and not measured has no figures but its own. */
function computedFigures(record: RunRecord): FigureGroup[] {
  const figures = exhibitFigures(record);
  if (figures.length === 0) return [];
  return [{ id: 'exhibits', title: 'What was computed', figures, folded: [] }];
}
