// Runs in the head, before the first paint: whether scripts run at all, and which theme.
document.documentElement.classList.add('js');
{
  let theme: string | null = null;
  try {
    theme = localStorage.getItem('theme');
  } catch {
    // Storage may be forbidden for files; the system's preference decides then.
  }
  theme ??= matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  document.documentElement.dataset.theme = theme;
}
