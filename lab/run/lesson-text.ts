import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The Markdown of a scenario's lesson; empty while nobody has written it. */
export function readLesson(scenario: string): string {
  const file = path.join(import.meta.dirname, '../../scenarios', scenario, 'lesson.md');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
