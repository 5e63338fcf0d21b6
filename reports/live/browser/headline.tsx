import type { LiveView } from '../live-view.ts';
import { fleetWords, sentenceParts, sentenceText } from '../sentence.ts';
import { ThemeButton } from './theme-button.tsx';

interface HeadlineProps {
  readonly view: LiveView;
  readonly openHelp: () => void;
  readonly openAudience: () => void;
}

/** The sentence, and what concerns the page itself. */
export function Headline({ view, openHelp, openAudience }: HeadlineProps) {
  const { setting, totals, audience } = view;
  return (
    <header class="headline-live">
      <h1 title={sentenceText(setting, totals)}>
        <span class="fleet">{fleetWords(setting)}</span>
        {sentenceParts(totals).map(({ before, figure, after }) => (
          <span class="part" key={before + after}>
            {before} <b>{figure}</b> {after}
          </span>
        ))}
      </h1>
      <div class="page-buttons">
        {audience && (
          <button type="button" onClick={openAudience}>
            Audience <b>{audience.participants}</b>
          </button>
        )}
        <ThemeButton />
        <button type="button" onClick={openHelp} aria-label="Keys">
          ?
        </button>
      </div>
    </header>
  );
}
