import type { RunRecord } from '../../reports/record/schema.ts';
export function notBorneOut(_record: RunRecord): string[] {
  return [];
}
