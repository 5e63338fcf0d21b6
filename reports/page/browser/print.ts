import { currentTheme, setTheme, type Theme } from './theme.ts';
import { openFigures } from './views.ts';

/** Paper is light and shows the figures without an answer. */
export function startPrint(): void {
  let before: Theme = 'light';
  addEventListener('beforeprint', () => {
    before = currentTheme();
    openFigures();
    setTheme('light');
  });
  addEventListener('afterprint', () => setTheme(before));
}
