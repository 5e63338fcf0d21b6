import { render } from 'preact';

/** The script of a participant's page. */
render(<p>…</p>, document.getElementById('live')!);
