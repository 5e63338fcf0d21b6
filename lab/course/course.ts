import path from 'node:path';
import type { Course, CourseLesson } from '../../reports/course/course.ts';
import { renderCourse } from '../../reports/course/render-course.ts';
import { readRecord, UnreadableRecordError } from '../../reports/record/file.ts';
import type { RunRecord } from '../../reports/record/schema.ts';
import { RECORD_FILE, writeWhole } from '../../reports/record/write.ts';
import { COURSE, listRuns } from '../../reports/runs/run-list.ts';
import {
  claims,
  comparison,
  decision,
  discussion,
  glossary,
  servers,
  workshops,
} from '../../scenarios/curriculum/curriculum.ts';
import { loadScenarios, SCENARIO_NAMES } from '../../scenarios/index.ts';
import { readLesson } from '../run/lesson-text.ts';
import { updateIndex } from '../run/publish.ts';
import { claimVerdicts, runVerdict } from './claim-verdicts.ts';

/** Writes the course's pages into `<outFolder>/course`; gives back the path of the front page. */
export async function writeCourse(
  outFolder: string,
  records: readonly RunRecord[],
): Promise<string> {
  const folder = path.join(outFolder, COURSE);
  for (const [name, page] of renderCourse(await courseOf(records))) {
    await writeWhole(path.join(folder, name), page);
  }
  await updateIndex(outFolder);
  return path.join(folder, 'index.html');
}

/** Newer records over older ones of the same scenario. */
export function laidOver(older: readonly RunRecord[], newer: readonly RunRecord[]): RunRecord[] {
  const ran = new Set(newer.map((record) => record.scenario.name));
  return [...older.filter((record) => !ran.has(record.scenario.name)), ...newer];
}

/** The newest run of each scenario in a folder of runs: a complete one, where there is any. */
export function newestRecords(folder: string): RunRecord[] {
  const { runs } = listRuns(folder);
  return SCENARIO_NAMES.flatMap((name) => {
    const ofThis = runs.filter((run) => run.head.scenario.name === name);
    const complete = ofThis.filter((run) => run.head.status === 'complete');
    return firstReadable(
      [...complete, ...ofThis].map((run) => path.join(folder, run.folder, RECORD_FILE)),
    );
  });
}

/** A damaged record gives way to the next. */
function firstReadable(files: readonly string[]): RunRecord[] {
  for (const file of files) {
    try {
      return [readRecord(file)];
    } catch (error) {
      if (!(error instanceof UnreadableRecordError)) throw error;
    }
  }
  return [];
}

/** The course as it is taught: every scenario is a lesson, shown by its run where there is one. */
export async function courseOf(records: readonly RunRecord[]): Promise<Course> {
  const lessons = (await loadScenarios()).map(({ name, question, claims }): CourseLesson => {
    const record = records.find((one) => one.scenario.name === name) ?? null;
    const verdict = record ? runVerdict(record) : 'not measured';
    return { name, question, claims, lesson: readLesson(name), record, verdict };
  });
  return {
    lessons,
    claims: claimVerdicts(claims, records),
    environment: records.at(-1)?.environment ?? null,
    curriculum: { comparison, decision, discussion, glossary, servers, workshops },
  };
}
