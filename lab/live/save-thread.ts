import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { writeRecord } from '../../reports/record/write.ts';
import { publish } from '../run/publish.ts';
import type { SaveWork } from './save.ts';
import { savedRecord } from './saved-record.ts';

/* Makes a record and its report in a thread of its own: a million responses take seconds, and the wall goes on. */

const { outFolder, ...plan } = workerData as SaveWork;
const record = savedRecord(plan);
await writeRecord(path.join(outFolder, record.id), record);
parentPort!.postMessage(await publish(outFolder, record));
