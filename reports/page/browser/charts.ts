import type { ChartConfiguration, Chart as ChartJs } from 'chart.js';
import type { Chart as ChartFigure } from '../../figures/figure.ts';
import { barConfiguration } from './bar-chart.ts';
import { embeddedCharts } from './embedded.ts';
import { lineConfiguration } from './line-chart.ts';
import { onThemeChange } from './theme.ts';

declare const Chart: typeof ChartJs;

/** All charts drawn so far, by their figure's id. */
export const drawnCharts = new Map<string, ChartJs>();

/** Draws every chart whose place is visible; those in closed parts are drawn when they open. */
export function drawCharts(): void {
  const figures = embeddedCharts();
  for (const place of document.querySelectorAll<HTMLElement>('[data-figure]')) {
    const id = place.dataset.figure!;
    if (drawnCharts.has(id) || place.offsetParent === null) continue;
    drawnCharts.set(id, new Chart(place.querySelector('canvas')!, configuration(figures[id]!)));
  }
}

/** A canvas knows no style sheet: in another theme its chart is drawn anew in other colours. */
onThemeChange(() => {
  const figures = embeddedCharts();
  for (const [id, chart] of drawnCharts) {
    const { data, options } = configuration(figures[id]!);
    const { devicePixelRatio } = chart.options;
    chart.data = data;
    chart.options = { ...options!, ...(devicePixelRatio ? { devicePixelRatio } : {}) };
    chart.update('none');
  }
});

function configuration(figure: ChartFigure): ChartConfiguration {
  return figure.kind === 'bars' ? barConfiguration(figure) : lineConfiguration(figure);
}
