import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
} from 'chart.js';
import annotation from 'chartjs-plugin-annotation';
import type { Chart as ChartFigure } from '../../figures/figure.ts';
import { barConfiguration } from './bar-chart.ts';
import { setChartLook } from './chart-look.ts';
import { embeddedCharts } from './embedded.ts';
import { lineConfiguration } from './line-chart.ts';
import { onThemeChange } from './theme.ts';
import { onReveal } from './views.ts';

/** All charts drawn so far, by their figure's id. */
export const drawnCharts = new Map<string, Chart>();

/** Dots per pixel for paper: a canvas is a bitmap, and paper is finer than a screen. */
const PAPER_RATIO = 3;

/** Draws the page's charts and keeps them up with its theme, its open parts and its printing. */
export function startCharts(): void {
  Chart.register(BarController, BarElement, LineController, LineElement, PointElement);
  Chart.register(CategoryScale, LinearScale, LogarithmicScale, Filler, Legend, Tooltip, annotation);
  // As the library's own script would: `Chart.getChart(canvas)` on the console tells what is drawn.
  Object.assign(globalThis, { Chart });
  setChartLook();
  onReveal(drawVisible);
  onThemeChange(drawAgain);
  addEventListener('beforeprint', () => setRatio(PAPER_RATIO));
  addEventListener('afterprint', () => setRatio(window.devicePixelRatio));
}

/** Draws every chart whose place is visible; those in closed parts are drawn when they open. */
function drawVisible(): void {
  const figures = embeddedCharts();
  for (const place of document.querySelectorAll<HTMLElement>('[data-figure]')) {
    const id = place.dataset.figure!;
    if (drawnCharts.has(id) || place.offsetParent === null) continue;
    drawnCharts.set(id, new Chart(place.querySelector('canvas')!, configuration(figures[id]!)));
  }
}

/** A canvas knows no style sheet: in another theme its chart is drawn anew in other colours. */
function drawAgain(): void {
  setChartLook();
  const figures = embeddedCharts();
  for (const [id, chart] of drawnCharts) {
    const { data, options } = configuration(figures[id]!);
    const { devicePixelRatio } = chart.options;
    chart.data = data;
    chart.options = { ...options!, ...(devicePixelRatio ? { devicePixelRatio } : {}) };
    chart.update('none');
  }
}

function setRatio(ratio: number): void {
  for (const chart of drawnCharts.values()) {
    chart.options.devicePixelRatio = ratio;
    chart.resize();
  }
}

function configuration(figure: ChartFigure): ChartConfiguration {
  return figure.kind === 'bars' ? barConfiguration(figure) : lineConfiguration(figure);
}
