import path from 'node:path';
import type { RunRecord } from '../../reports/record/schema.ts';
import { REPORT_FILE, writeWhole } from '../../reports/record/write.ts';
import { renderReport } from '../../reports/report/render.ts';
import { indexPage } from '../../reports/runs/index-page.ts';
import { listRuns } from '../../reports/runs/run-list.ts';

/**
 * Makes a run known, once its record is saved: its report beside the record, and the list of all
 * runs. Gives back the report's path.
 */
export async function publish(outFolder: string, record: RunRecord): Promise<string> {
  const report = await writeReport(path.join(outFolder, record.id), record);
  await updateIndex(outFolder);
  return report;
}

/** Renders the record into `folder` as `report.html`; gives back the path. */
export function writeReport(folder: string, record: RunRecord): Promise<string> {
  return writeWhole(path.join(folder, REPORT_FILE), renderReport(record));
}

/** Makes the list of the runs in a folder anew, and gives back its path. */
export function updateIndex(outFolder: string): Promise<string> {
  return writeWhole(path.join(outFolder, 'index.html'), indexPage(listRuns(outFolder)));
}
