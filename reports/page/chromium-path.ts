const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/opt/homebrew/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Where a Chromium may be: the variable CHROMIUM alone where it is set, else the usual places. */
export function chromiumCandidates(wanted = process.env.CHROMIUM): string[] {
  return wanted ? [wanted] : USUAL_PLACES;
}
