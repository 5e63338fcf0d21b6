import { requestsOf } from '../../record/tally.ts';
import { startCharts } from './charts.ts';
import { offerDownloads } from './downloads.ts';
import { embeddedRecord } from './embedded.ts';
import { startPrediction } from './predict.ts';
import { startResidencyPicture } from './residency-picture.ts';
import { startRunCursor } from './run-cursor.ts';
import { startScrubbers } from './scrubber.ts';
import { startPage } from './start-page.ts';
import { startTraceStrips } from './trace-strip.ts';

/** The script of a run's report. */
const record = embeddedRecord();
const requests = Math.max(0, ...record.arms.map(requestsOf));
startPage();
startCharts();
startScrubbers(requests);
startResidencyPicture(record);
startTraceStrips(record);
startRunCursor(requests);
startPrediction();
offerDownloads();
