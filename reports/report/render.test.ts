import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Value from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { hostileRecord } from '../fixtures/hostile-record.ts';
import { SAMPLE_EXHIBITS } from '../fixtures/sample-exhibits.ts';
import { sampleRecord } from '../fixtures/sample-record.ts';
import { RunRecord } from '../record/schema.ts';
import { renderReport } from './render.ts';

const lesson = readFileSync(
  join(import.meta.dirname, '../../scenarios/hit-rate/lesson.md'),
  'utf8',
);

describe('the records that the tests are made with', () => {
  it.each([
    ['plain', sampleRecord()],
    ['with everything', sampleRecord({ workers: [1, 4, 16], restartAt: 2000, maxEntries: 60 })],
    ['with exhibits', sampleRecord({ exhibits: SAMPLE_EXHIBITS, short: true, idleWorker: true })],
    ['hostile', hostileRecord()],
  ])('could have come from the lab: %s', (_, record) => {
    expect([...Value.Errors(RunRecord, record)]).toEqual([]);
  });
});

describe('the file', () => {
  it('stays under 600 kB for a default run', () => {
    expect(Buffer.byteLength(renderReport(sampleRecord({ lesson })))).toBeLessThan(600_000);
  });

  it('stays under 3 MB for a million requests', () => {
    const record = sampleRecord({ requests: 1_000_000, workers: [1, 16], short: true, lesson });
    expect(Buffer.byteLength(renderReport(record))).toBeLessThan(3_000_000);
  });

  it('is the same for the same record', () => {
    expect(renderReport(sampleRecord())).toBe(renderReport(sampleRecord()));
  });

  it('is made of a run that got nowhere, too', () => {
    const record = sampleRecord();
    record.arms = [];
    record.verdict = null;
    record.status = 'failed';
    record.failure = 'worker 2 died';
    expect(renderReport(record)).toContain('This run is failed.</strong> worker 2 died');
  });

  /** After a wanted change: `npx vitest run reports/report/render.test.ts -u`, and read the difference. */
  it('has the body that was agreed on, for one frozen record', async () => {
    const frozen = JSON.parse(
      readFileSync(join(import.meta.dirname, 'golden/record.json'), 'utf8'),
    ) as RunRecord;
    expect(Value.Check(RunRecord, frozen)).toBe(true);
    await expect(bodyOf(renderReport(frozen))).toMatchFileSnapshot('golden/body.txt');
  });
});

/** Without scripts and styles, which libraries change and other tests look at. */
function bodyOf(page: string): string {
  return page
    .slice(page.indexOf('<body>'))
    .replace(/<script(?! type="application)[^>]*>[\s\S]*?<\/script>\n?/g, '')
    .replace(/(<script type="application\/json" id="record">)[\s\S]*?(<\/script>)/, '$1…$2');
}
