import type { Chart } from '../../figures/figure.ts';
import type { RunRecord } from '../../record/schema.ts';

/** The run's record, as it was embedded. */
export function embeddedRecord(): RunRecord {
  return embeddedJson('record') as RunRecord;
}

/** What each chart draws, by the figure's id. */
export function embeddedCharts(): Record<string, Chart> {
  return embeddedJson('charts') as Record<string, Chart>;
}

function embeddedJson(id: string): unknown {
  return JSON.parse(document.getElementById(id)!.textContent);
}
