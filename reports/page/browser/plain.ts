import { drawCharts } from './charts.ts';
import { startDecision } from './decision.ts';
import { startPrint } from './print.ts';
import { onReveal } from './reveal.ts';
import { offerThemes } from './theme.ts';
import { startViews } from './views.ts';

for (const details of document.querySelectorAll<HTMLDetailsElement>('details.data')) {
  details.open = false;
}
offerThemes();
onReveal(drawCharts);
startPrint();
startViews();
startDecision();
