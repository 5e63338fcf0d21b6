import { drawnCharts } from './charts.ts';
import { currentTheme, setTheme, type Theme } from './theme.ts';
import { openFigures } from './views.ts';

/** Dots per pixel for paper: a canvas is a bitmap, and paper is finer than a screen. */
const PAPER_RATIO = 3;

/** Paper is light, shows the figures without an answer, and wants charts in fine dots. */
export function startPrint(): void {
  let before: Theme = 'light';
  addEventListener('beforeprint', () => {
    before = currentTheme();
    openFigures();
    setTheme('light');
    setRatio(PAPER_RATIO);
  });
  addEventListener('afterprint', () => {
    setTheme(before);
    setRatio(undefined);
  });
}

function setRatio(ratio: number | undefined): void {
  for (const chart of drawnCharts.values()) {
    chart.options.devicePixelRatio = ratio ?? window.devicePixelRatio;
    chart.resize();
  }
}
