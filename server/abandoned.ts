import { rmSync } from 'node:fs';
import type { WorkerSettings } from './protocol.ts';
import { isRunning } from './running.ts';

/**
 * Removes the folder of a lab that was killed outright, which cannot do it itself. Every process of
 * a fleet tries when it ends; so the last one does it.
 */
export function removeAbandoned({ labPid, labFolder }: WorkerSettings): void {
  if (labFolder === undefined || labPid === null || isRunning(labPid)) return;
  try {
    rmSync(labFolder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // Others are still there.
  }
}
