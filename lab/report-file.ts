import path from 'node:path';
import { renderReport } from '../reports/html/render.ts';
import type { RunRecord } from '../reports/record.ts';
import { writeWhole } from '../reports/record-file.ts';

/** Renders the record beside itself as `report.html`; gives back the path. */
export async function writeReport(folder: string, record: RunRecord): Promise<string> {
  return writeWhole(path.join(folder, 'report.html'), await renderReport(record));
}
