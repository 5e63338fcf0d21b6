import { drawCharts } from './charts.ts';
import { offerDownloads } from './downloads.ts';
import { embeddedRecord } from './embedded.ts';
import { startPrediction } from './predict.ts';
import { startPrint } from './print.ts';
import { startResidencyPicture } from './residency-picture.ts';
import { onReveal } from './reveal.ts';
import { startRunCursor } from './run-cursor.ts';
import { startScrubber } from './scrubber.ts';
import { offerThemes } from './theme.ts';
import { startTraceStrips } from './trace-strip.ts';
import { startViews } from './views.ts';

for (const details of document.querySelectorAll<HTMLDetailsElement>('details.data')) {
  details.open = false;
}
const record = embeddedRecord();
const requests = Math.max(
  0,
  ...record.arms.map((arm) => arm.phases.reduce((sum, phase) => sum + phase.totals.requests, 0)),
);
offerThemes();
startScrubber(requests);
startResidencyPicture(record);
startTraceStrips(record);
onReveal(drawCharts);
startRunCursor(requests);
startPrediction();
startPrint();
startViews();
offerDownloads();
