import { shellHtml } from '../page/document.ts';
import { html } from '../page/html.ts';
import { themedStyle } from '../page/page-style.ts';

/** The presenter's page: the stage, the sentence, the charts, the controls, the acts. */
export async function presenterPage(): Promise<string> {
  return shellHtml({
    title: 'Live: one cache becomes four',
    description: 'Real workers, their caches and the requests that reach them, as they happen.',
    style: themedStyle(...PRESENTER_SHEETS),
    script: 'presenter',
    connects: true,
    body: PLACE,
  });
}

/** A participant's page: a user to ask for, who answered, and the vote. */
export async function audiencePage(): Promise<string> {
  return shellHtml({
    title: 'Ask the fleet',
    description: 'A user of your own to ask for, and which worker answers.',
    style: themedStyle('page', 'live-audience'),
    script: 'audience',
    connects: true,
    body: PLACE,
  });
}

const PRESENTER_SHEETS = [
  ...['page', 'figures', 'picture'],
  ...['live', 'live-stage', 'live-controls', 'live-acts', 'live-dialogs'],
];

const PLACE = html`<div id="live"></div>
<noscript><p>This page shows what happens as it happens: it needs JavaScript.</p></noscript>`;
