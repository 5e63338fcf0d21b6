import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SAMPLE_EXHIBITS, sampleRecord, troubledRecord } from '../fixtures/sample-record.ts';
import type { RunRecord } from '../record/schema.ts';
import type { BarChart, Chart, Figure, LineChart } from './figure.ts';
import { figuresOf } from './index.ts';
import { overTheRunFigures } from './over-the-run.ts';

const ALL = [1, 2, 4, 8, 64];

function allFigures(record: RunRecord): Figure[] {
  const { lead, next, more } = figuresOf(record);
  return [...(lead ? [lead] : []), ...next, ...more.flatMap(({ figures }) => figures)];
}

function figureOf(record: RunRecord, id: string): Figure {
  return allFigures(record).find((figure) => figure.id === id)!;
}

/** The arms again and again, under other names. */
function repeated(record: RunRecord, times: number): RunRecord {
  const arms = Array.from({ length: times }, (_, index) =>
    record.arms.map((arm) => ({ ...arm, name: `${arm.name}, ${index + 1}` })),
  );
  return { ...record, arms: arms.flat() };
}

describe.each([
  ['many fleets', sampleRecord({ workers: ALL, exhibits: SAMPLE_EXHIBITS })],
  ['troubled', troubledRecord()],
  ['without a baseline', sampleRecord({ workers: [2, 4, 8] })],
  ['more arms than colours', repeated(sampleRecord({ workers: ALL }), 3)],
])('every figure of a record: %s', (_, record) => {
  const figures = allFigures(record);

  it('has an anchor of its own and a table with a cell for each column', () => {
    expect(new Set(figures.map((figure) => figure.id)).size).toBe(figures.length);
    for (const { id, table } of figures) {
      expect([id, table.rows.length]).not.toEqual([id, 0]);
      for (const row of table.rows) expect([id, row.length]).toEqual([id, table.columns.length]);
    }
  });

  it.each(['light', 'dark'])('has colours that the %s theme knows', (theme) => {
    const sheet = readFileSync(join(import.meta.dirname, `../page/style/${theme}.css`), 'utf8');
    const unknown = figures
      .flatMap(({ chart }) => (chart ? coloursOf(chart) : []))
      .filter((colour) => !sheet.includes(`--c-${colour}: #`));
    expect(unknown).toEqual([]);
  });
});

function coloursOf(chart: Chart): string[] {
  return chart.kind === 'bars'
    ? chart.series.flatMap(({ colour, colours = [] }) => [colour, ...colours])
    : chart.series.map(({ colour }) => colour);
}

it('says "no traffic" of a worker that was not asked, never 0 %', () => {
  const { chart, table } = figureOf(troubledRecord(), 'hit-rate-by-worker-1');
  expect((chart as BarChart).series[0]!.values[3]).toBeNull();
  expect(table.rows[3]).toContain('no traffic');
});

describe('the baseline', () => {
  it.each([
    ['first', (record: RunRecord) => record.arms],
    ['last', (record: RunRecord) => record.arms.toReversed()],
  ])('is the arm with one worker where it stands %s', (_, order) => {
    const record = sampleRecord();
    const [one] = record.arms;
    const rate = one!.phases[0]!.totals.hitRate!;
    record.arms = order(record);
    const { chart, caption } = figureOf(record, 'hit-rate-by-worker-1');
    expect((chart as BarChart).reference).toEqual({ value: rate, label: '1 worker' });
    expect(caption).toBe(
      `Each worker gets a share of the traffic and holds only what it has read itself. The line is 1 worker: ${(100 * rate).toFixed(1)}\u00a0%.`,
    );
  });

  it('is held against the same phase of the others', () => {
    const record = troubledRecord();
    const [first, second] = [1, 2].map(
      (index) => figureOf(record, `hit-rate-by-worker-${index}`).chart as BarChart,
    );
    const [one] = record.arms;
    expect([first!.reference!.value, second!.reference!.value]).toEqual(
      one!.phases.map((phase) => phase.totals.hitRate),
    );
  });
});

describe('over the run', () => {
  it('the phases follow each other, with their names and events where they happened', () => {
    const record = troubledRecord();
    const chart = figureOf(record, 'over-the-run').chart as LineChart;
    expect(chart.events).toEqual([
      { x: 500, label: 'restart' },
      { x: 600, label: 'worker 1 replaced' },
    ]);
    const { phases } = record.arms[1]!;
    const points = chart.series[1]!.points;
    const rateUntil = (from: number, to: number, phase: number) => {
      const outcomes = phases[phase]!.trace!.outcome.slice(from, to);
      return outcomes.filter((outcome) => outcome === 0).length / outcomes.length;
    };
    expect(points.map(([x]) => x)).toEqual([
      50, 100, 150, 200, 250, 300, 350, 400, 450, 500, 551, 602, 653, 704, 755, 800,
    ]);
    expect(points[1]![1]).toBeCloseTo(rateUntil(50, 100, 0), 9);
    expect(points[11]![1]).toBeCloseTo(rateUntil(51, 102, 1), 9);
  });

  it('many workers are a range that holds each of them', () => {
    const [, figure] = overTheRunFigures(sampleRecord({ workers: [1, 64] }));
    const chart = figure!.chart as LineChart;
    expect(chart.series.map((series) => [series.name, series.band === undefined])).toEqual([
      ['1 worker', true],
      ['64 workers', false],
    ]);
    const fleet = chart.series[1]!;
    fleet.points.forEach(([, rate], index) => {
      const [low, high] = fleet.band![index]!;
      expect(rate).toBeGreaterThanOrEqual(low!);
      expect(rate).toBeLessThanOrEqual(high!);
    });
  });
});
