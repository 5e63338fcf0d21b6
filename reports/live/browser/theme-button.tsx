import { useEffect } from 'preact/hooks';
import { offerThemes } from '../../page/browser/theme.ts';

/** Switches between light and dark, as on every page. */
export function ThemeButton() {
  useEffect(offerThemes, []);
  return <button type="button" id="theme" />;
}
