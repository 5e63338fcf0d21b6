import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Value from 'typebox/value';
import { expect, it } from 'vitest';
import { hostileRecord } from '../fixtures/hostile-record.ts';
import {
  computedRecord,
  SAMPLE_EXHIBITS,
  sampleRecord,
  troubledRecord,
  withoutTraces,
} from '../fixtures/sample-record.ts';
import { html } from '../page/html.ts';
import { RunRecord } from '../record/schema.ts';
import { renderReport } from './render.ts';

const lesson = readFileSync(
  join(import.meta.dirname, '../../scenarios/hit-rate/lesson.md'),
  'utf8',
);

it.each([
  ['hostile', hostileRecord()],
  ['computed', computedRecord(SAMPLE_EXHIBITS)],
  ['without traces', withoutTraces(sampleRecord())],
])('the record that tests change could have come from the lab: %s', (_, record) => {
  expect([...Value.Errors(RunRecord, record)]).toEqual([]);
});

it('weighs less than 400 kB beside its record', () => {
  const record = sampleRecord({ lesson });
  const weight = Buffer.byteLength(renderReport(record));
  expect(weight - Buffer.byteLength(JSON.stringify(record))).toBeLessThan(400_000);
});

it('stays under 3 MB for a million requests to 64 workers', () => {
  const record = withoutTraces(sampleRecord({ workers: [1, 64], lesson }));
  const long = JSON.parse(JSON.stringify(record.arms), (name, value) =>
    // Numbers as long as those of a million requests would be.
    Number.isInteger(value) && name !== 'slot' && name !== 'workers' ? value * 4_200 : value,
  );
  expect(Buffer.byteLength(renderReport({ ...record, arms: long }))).toBeLessThan(3_000_000);
});

it('is the same for the same record', () => {
  expect(renderReport(sampleRecord())).toBe(renderReport(sampleRecord()));
});

it('is made of a run that got nowhere, too', () => {
  const record = sampleRecord({ arms: [], verdict: null, status: 'failed', failure: 'It died.' });
  expect(renderReport(record)).toContain('This run is failed.</strong> It died.');
});

it('has the chart before the sentence, and the question before the chart', () => {
  const [first] = SAMPLE_EXHIBITS;
  const page = renderReport(sampleRecord({ exhibits: SAMPLE_EXHIBITS }));
  const places = ['<h1>', `id="exhibit-${first!.id}"`, 'id="picture"', 'id="verdict"', 'id="why"'];
  const at = places.map((place) => page.indexOf(place));
  expect(at).toEqual(at.toSorted((a, b) => a - b));
  expect(at[0]).toBeGreaterThan(0);
  expect(page.split(`id="exhibit-${first!.id}"`)).toHaveLength(2);
});

it('asks for a prediction in a lesson of the course alone, and gives nothing away before', () => {
  const record = sampleRecord();
  expect(renderReport(record)).not.toContain('id="predict"');
  const nothing = html``;
  const lesson = renderReport(record, { before: nothing, after: nothing });
  const [before, after] = lesson.slice(lesson.indexOf('<body>')).split('class="after-predict"');
  expect(before).toContain('id="predict"');
  for (const place of ['id="verdict"', 'id="picture"', 'class="plot', '%']) {
    expect([place, before!.includes(place)]).toEqual([place, false]);
    expect([place, after!.includes(place)]).toEqual([place, true]);
  }
  expect(lesson.slice(0, lesson.indexOf('<body>'))).not.toContain(record.verdict!.sentence);
});

/** After a wanted change: `npx vitest run reports/report/render.test.ts -u`, and read the difference. */
it('has the body that was agreed on', async () => {
  await expect(bodyOf(renderReport(troubledRecord()))).toMatchFileSnapshot('golden/body.txt');
});

/** Without scripts and styles, which libraries change and other tests look at. */
function bodyOf(page: string): string {
  return page
    .slice(page.indexOf('<body>'))
    .replace(/<script(?! type="application)[^>]*>[\s\S]*?<\/script>\n?/g, '')
    .replace(/(<script type="application\/json" id="record">)[\s\S]*?(<\/script>)/, '$1…$2');
}
