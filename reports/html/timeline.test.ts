import { expect, it } from 'vitest';
import { fleetProgress, progressAt } from './progress.ts';
import { residencyDifferences } from './residency.ts';
import { sampleRecord } from './sample-record.ts';
import { ResidencyTimeline } from './timeline.ts';

const samples = {
  'plain run': sampleRecord(),
  'run with culls': sampleRecord({ maxEntries: 40, workers: [1, 3] }),
  'run with a restart': sampleRecord({ restartAt: 1500 }),
};

for (const [name, record] of Object.entries(samples)) {
  it(`ends where the workers say they ended: ${name}`, () => {
    for (const arm of record.arms) expect(residencyDifferences(arm)).toBe(0);
  });

  it(`counts at the end what the record counts: ${name}`, () => {
    for (const arm of record.arms) {
      const timeline = new ResidencyTimeline(arm);
      timeline.moveTo(timeline.requests);
      const { totals } = arm.phases[0]!;
      const { entries, uniqueEntries } = timeline.counts();
      expect({ entries, uniqueEntries }).toEqual({
        entries: totals.entries,
        uniqueEntries: totals.uniqueEntries,
      });
      const fleet = fleetProgress(progressAt(arm, timeline.requests));
      expect(fleet.hits / fleet.lookups).toBe(totals.hitRate);
    }
  });

  it(`is at a position the same from either side: ${name}`, () => {
    const arm = record.arms[1]!;
    const forwards = new ResidencyTimeline(arm);
    forwards.moveTo(1600);
    const backwards = new ResidencyTimeline(arm);
    backwards.moveTo(arm.phases[0]!.totals.requests);
    backwards.moveTo(1600);
    arm.phases[0]!.residency!.slots.forEach((_, index) => {
      expect([...backwards.arrivals(index)]).toEqual([...forwards.arrivals(index)]);
    });
  });
}

it('shows a worker that was restarted as empty at that moment, and the others as they were', () => {
  const arm = samples['run with a restart'].arms[1]!;
  const timeline = new ResidencyTimeline(arm);
  timeline.moveTo(1499);
  const before = timeline.counts().bySlot;
  timeline.moveTo(1500);
  const after = timeline.counts().bySlot;
  expect(before[0]).toBeGreaterThan(50);
  expect(after[0]).toBe(0);
  expect(after[1]).toBeGreaterThanOrEqual(before[1]!);
});

it('notices a picture that differs from what the workers told', () => {
  const record = sampleRecord();
  record.arms[1]!.phases[0]!.residency!.final[2]!.keys.pop();
  expect(residencyDifferences(record.arms[1]!)).toBe(1);
});

it('counts whole bins where there is no trace, and everything at the end', () => {
  const [traced, binned] = [sampleRecord(), sampleRecord({ short: true })].map(
    (record) => record.arms[1]!,
  );
  expect(progressAt(binned!, 4000)).toEqual(progressAt(traced!, 4000));
  expect(fleetProgress(progressAt(binned!, 1050))).toEqual(
    fleetProgress(progressAt(traced!, 1000)),
  );
});
