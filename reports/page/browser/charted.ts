import { startCharts } from './charts.ts';
import { startPage } from './start-page.ts';

/** The script of pages with charts and no run of their own, as comparisons are. */
startPage();
startCharts();
