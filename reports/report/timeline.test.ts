import { describe, expect, it } from 'vitest';
import { sampleRecord, troubledRecord, withoutTraces } from '../fixtures/sample-record.ts';
import type { Arm, RunRecord } from '../record/schema.ts';
import { progressAt } from './progress.ts';
import { residencyDifferences } from './residency.ts';
import { picturedKeys, ResidencyTimeline } from './timeline.ts';

function timelineOf(record: RunRecord, arm: Arm): ResidencyTimeline {
  return new ResidencyTimeline(arm, picturedKeys(record));
}

describe.each([
  ['fleets under the same traffic', sampleRecord({ workers: [1, 4, 64] })],
  ['a run with evictions, expiry and a restart', troubledRecord()],
])('the picture of %s', (_, record) => {
  it.each(record.arms)('ends where the workers say they ended: $name', (arm) => {
    expect(residencyDifferences(arm, picturedKeys(record))).toBe(0);
  });

  it.each(record.arms)('counts at the end what the record counts: $name', (arm) => {
    const timeline = timelineOf(record, arm);
    timeline.moveTo(timeline.requests);
    const { entries, uniqueEntries } = arm.phases.at(-1)!.totals;
    expect(timeline.counts()).toMatchObject({ entries, uniqueEntries });
    const fleet = progressAt(arm, timeline.requests);
    const hits = arm.phases.reduce((sum, { totals }) => sum + totals.hits, 0);
    expect(fleet).toEqual({ hits, lookups: timeline.requests });
  });

  it('is at a position the same from either side', () => {
    const arm = record.arms[1]!;
    const [forwards, backwards] = [timelineOf(record, arm), timelineOf(record, arm)];
    const position = Math.round(forwards.requests * 0.7);
    forwards.moveTo(position);
    backwards.moveTo(backwards.requests);
    backwards.moveTo(position);
    forwards.slots.forEach((_, index) => {
      expect([...backwards.arrivals(index)]).toEqual([...forwards.arrivals(index)]);
    });
  });
});

describe('a second phase', () => {
  const record = troubledRecord();
  const arm = record.arms[1]!;
  const [first, second] = arm.phases;

  it('begins where the first ended, with what the workers held then', () => {
    const timeline = timelineOf(record, arm);
    expect(timeline.requests).toBe(800);
    timeline.moveTo(500);
    const { entries, uniqueEntries } = first!.totals;
    expect(timeline.counts()).toMatchObject({ entries, uniqueEntries });
    expect(entries).not.toBe(second!.totals.entries);
  });

  it('counts its hits on top of those of the first', () => {
    const { hits } = first!.totals;
    const more = second!.trace!.outcome.slice(0, 70).filter((outcome) => outcome === 0).length;
    expect(progressAt(arm, 500)).toEqual({ hits, lookups: 500 });
    expect(progressAt(arm, 570)).toEqual({ hits: hits + more, lookups: 570 });
  });

  it('shows a worker that was replaced in it as empty, and the others as they were', () => {
    const timeline = timelineOf(record, arm);
    // The new worker answers for the first time a few requests after it was started.
    const answered = second!.trace!.slot.findIndex((slot, index) => slot === 1 && index >= 100);
    timeline.moveTo(500 + answered);
    const heldBySlot = () =>
      timeline.slots.map((_, at) => timeline.cells(at).filter((one) => one !== 'empty').length);
    const before = heldBySlot();
    timeline.moveTo(500 + answered + 1);
    const after = heldBySlot();
    expect(before[0]).toBeGreaterThan(10);
    expect(after[0]).toBe(0);
    // At the same moment another may have stored what it was loading, and no more than that.
    for (const [index, held] of after.entries()) {
      if (index > 0) expect([0, 1]).toContain(held - before[index]!);
    }
  });
});

it('notices a picture that differs from what the workers told', () => {
  const record = sampleRecord();
  record.arms[1]!.phases[0]!.residency!.final[2]!.keys.pop();
  expect(residencyDifferences(record.arms[1]!, picturedKeys(record))).toBe(1);
});

it('counts whole bins where there is no trace, and everything at the end', () => {
  const traced = troubledRecord().arms[1]!;
  const binned = withoutTraces(troubledRecord()).arms[1]!;
  expect(progressAt(binned, 800)).toEqual(progressAt(traced, 800));
  // Bins are of 5 and of 3 requests.
  expect(progressAt(binned, 104)).toEqual(progressAt(traced, 100));
  expect(progressAt(binned, 505)).toEqual(progressAt(traced, 503));
});

describe('the keys that have a cell', () => {
  const withKeys = (held: number[]) => {
    const record = sampleRecord({ workers: [2] });
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

it('tells an entry of one worker from one of several, and one that is spoilt from both', () => {
  const record = sampleRecord({ workers: [4] });
  const [arm] = record.arms;
  const [phase] = arm!.phases;
  arm!.phases = [
    {
      ...phase!,
      totals: { ...phase!.totals, requests: 9 },
      residency: {
        ...{ keys: ['a', 'b', 'c'], slots: [1, 2], final: [] },
        changes: {
          at: [1, 1, 2, 3, 5, 6, 7],
          slot: [1, 2, 2, 1, 2, 1, 2],
          key: [0, 0, 1, 1, 0, 0, 0],
          held: [1, 1, 1, 1, 2, 0, 1],
        },
      },
    },
  ];
  const timeline = new ResidencyTimeline(arm!, ['a', 'b', 'c']);
  const at = (position: number) => {
    timeline.moveTo(position);
    return [timeline.cells(0), timeline.cells(1), timeline.counts()];
  };
  expect(at(2)).toEqual([
    ['copy', 'empty', 'empty'],
    ['copy', 'alone', 'empty'],
    { entries: 3, uniqueEntries: 2 },
  ]);
  expect(at(5).slice(0, 2)).toEqual([
    ['copy', 'copy', 'empty'],
    ['spoilt', 'copy', 'empty'],
  ]);
  expect(at(6)[1]).toEqual(['spoilt', 'copy', 'empty']);
  // Stored anew, it is an entry like others, and the only one.
  expect(at(7)).toEqual([
    ['empty', 'copy', 'empty'],
    ['alone', 'copy', 'empty'],
    { entries: 3, uniqueEntries: 2 },
  ]);
  expect([...timeline.arrivals(1)]).toEqual([1, 2, -1]);
  expect(at(1)[1]).toEqual(['copy', 'empty', 'empty']);
});
