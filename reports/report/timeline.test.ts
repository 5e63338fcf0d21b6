import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../fixtures/sample-record.ts';
import { fleetProgress, progressAt } from './progress.ts';
import { residencyDifferences } from './residency.ts';
import { picturedKeys, ResidencyTimeline } from './timeline.ts';

const samples = {
  'plain run': sampleRecord(),
  'run with culls': sampleRecord({ maxEntries: 40, workers: [1, 3] }),
  'run with a restart': sampleRecord({ restartAt: 1500 }),
};

for (const [name, record] of Object.entries(samples)) {
  it(`ends where the workers say they ended: ${name}`, () => {
    for (const arm of record.arms) expect(residencyDifferences(arm, picturedKeys(record))).toBe(0);
  });

  it(`counts at the end what the record counts: ${name}`, () => {
    for (const arm of record.arms) {
      const timeline = new ResidencyTimeline(arm, picturedKeys(record));
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
    const forwards = new ResidencyTimeline(arm, picturedKeys(record));
    forwards.moveTo(1600);
    const backwards = new ResidencyTimeline(arm, picturedKeys(record));
    backwards.moveTo(arm.phases[0]!.totals.requests);
    backwards.moveTo(1600);
    arm.phases[0]!.residency!.slots.forEach((_, index) => {
      expect([...backwards.arrivals(index)]).toEqual([...forwards.arrivals(index)]);
    });
  });
}

it('shows a worker that was restarted as empty at that moment, and the others as they were', () => {
  const record = samples['run with a restart'];
  const arm = record.arms[1]!;
  const timeline = new ResidencyTimeline(arm, picturedKeys(record));
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
  expect(residencyDifferences(record.arms[1]!, picturedKeys(record))).toBe(1);
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

describe('the keys that have a cell', () => {
  const withKeys = (held: number[]) => {
    const record = sampleRecord({ workers: [2], requests: 4 });
    record.arms[0]!.phases[0]!.residency = {
      keys: Array.from({ length: 10 }, (_, index) => `user:${index}`),
      slots: [1, 2],
      changes: { at: held, slot: held.map(() => 1), key: held, held: held.map(() => 1) },
      final: [],
    };
    return picturedKeys(record);
  };
  it('are all keys where most were held by somebody', () => {
    expect(withKeys([0, 1, 2, 3, 4])).toHaveLength(10);
  });
  it('are those that were held where most were not', () => {
    expect(withKeys([3, 7])).toEqual(['user:3', 'user:7']);
  });
  it('are none where nothing was ever held', () => expect(withKeys([])).toEqual([]));
});
