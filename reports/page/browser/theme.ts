/** What must be drawn again when the theme changes, since a canvas knows no style sheet. */
const redraws: (() => void)[] = [];

/** Calls `redraw` after each change of the theme. */
export function onThemeChange(redraw: () => void): void {
  redraws.push(redraw);
}

/** A page is always in one of the two. */
export type Theme = 'light' | 'dark';

/** The theme that the page has now. */
export function currentTheme(): Theme {
  return document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light';
}

/** Gives the page a theme, until it is given another. */
export function setTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  for (const redraw of redraws) redraw();
}

/** A colour of the theme, e.g. `c-accent`. */
export function themeColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** The button that switches between light and dark and remembers the choice. */
export function offerThemes(): void {
  const button = document.getElementById('theme')!;
  const label = () => {
    button.textContent = currentTheme() === 'dark' ? 'Light' : 'Dark';
    button.setAttribute(
      'aria-label',
      `Switch to the ${currentTheme() === 'dark' ? 'light' : 'dark'} theme`,
    );
  };
  label();
  button.addEventListener('click', () => {
    setTheme(currentTheme() === 'dark' ? 'light' : 'dark');
    label();
    try {
      localStorage.setItem('theme', currentTheme());
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  });
}
