import { expect, test } from 'vitest';
import { comparePage } from './compare/compare-page.ts';
import { compareRecords } from './compare/comparison.ts';
import { renderCourse } from './course/render-course.ts';
import { sampleCourse } from './fixtures/sample-course.ts';
import {
  computedRecord,
  SAMPLE_EXHIBITS,
  sampleRecord,
  troubledRecord,
  withoutTraces,
} from './fixtures/sample-record.ts';
import { renderReport } from './report/render.ts';
import { indexPage } from './runs/index-page.ts';

const runs = [
  sampleRecord({ workers: [1, 2, 4, 8, 64] }),
  troubledRecord({ exhibits: SAMPLE_EXHIBITS }),
  withoutTraces(troubledRecord()),
  computedRecord(SAMPLE_EXHIBITS),
  sampleRecord({ arms: [], verdict: null, status: 'failed', failure: 'It died.' }),
];
const list = {
  runs: runs.map((head) => ({ folder: 'a', head, hasReport: true })),
  ...{ strangers: [{ folder: 'b', problem: 'c' }], comparisons: ['d.html'], hasCourse: true },
};
const pages: (readonly [name: string, page: string])[] = [
  ...runs.map((run, index) => [`report ${index + 1}`, renderReport(run)] as const),
  ...renderCourse(sampleCourse({ withSharedCache: true })),
  ['comparison of runs', comparePage(compareRecords(runs))],
  ['list of runs', indexPage(list)],
];

/** Without its program, its style and its record, which hold such words rightly. */
const readable = (page: string) =>
  page.replace(/<(script|style)(?! type="application\/json" id="charts")[^>]*>.*?<\/\1>/gs, '');

test.each(pages)('nothing stands in a page that only a program would say: %s', (_, page) => {
  expect(
    readable(page).match(/.{0,80}(\[object|\bundefined\b|\bNaN\b|Infinity).{0,20}/g),
  ).toBeNull();
});
