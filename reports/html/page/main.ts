import { drawCharts } from './charts.ts';
import { offerDownloads } from './downloads.ts';
import { offerThemes } from './theme.ts';

for (const details of document.querySelectorAll<HTMLDetailsElement>('details.data')) {
  details.open = false;
}
offerThemes();
drawCharts();
offerDownloads();
