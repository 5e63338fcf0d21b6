import Value from 'typebox/value';
import { expect, test } from 'vitest';
import { RunRecord } from '../record.ts';
import { renderReport } from './render.ts';
import { sampleRecord } from './sample-record.ts';

test('the sample record is one that the lab could have written', () => {
  for (const options of [{}, { workers: [1, 4, 16] }, { maxEntries: 60 }, { restartAt: 2000 }]) {
    expect(Value.Check(RunRecord, sampleRecord(options))).toBe(true);
  }
});

test('a default report stays under 600 kB', () => {
  expect(Buffer.byteLength(renderReport(sampleRecord()))).toBeLessThan(600_000);
});
