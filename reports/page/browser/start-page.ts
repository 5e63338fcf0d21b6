import { startPrint } from './print.ts';
import { offerThemes } from './theme.ts';
import { startViews } from './views.ts';

/**
 * What every page does: the tables under its figures fold, it has two themes, it prints, and it
 * shows what its address asks for.
 */
export function startPage(): void {
  for (const details of document.querySelectorAll<HTMLDetailsElement>('details.data')) {
    details.open = false;
  }
  offerThemes();
  startPrint();
  startViews();
}
