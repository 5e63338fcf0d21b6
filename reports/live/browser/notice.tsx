import { useEffect, useState } from 'preact/hooks';
import type { LiveView } from '../live-view.ts';

/** How long a sentence stays that nothing follows. */
const SHOWN_MILLIS = 10_000;

/** What went wrong, and where the run was saved. */
export function Notice({ view, problem }: { view: LiveView; problem: string | null }) {
  const { said, saved } = view;
  const [over, setOver] = useState<number | null>(null);
  const number = said?.number ?? null;
  useEffect(() => {
    if (number === null) return;
    const timer = setTimeout(() => setOver(number), SHOWN_MILLIS);
    return () => clearTimeout(timer);
  }, [number]);
  const sentence = problem ?? (said && said.number !== over ? said.text : null);
  return (
    <div class="notices" role="status">
      {sentence && <p class="notice">{sentence}</p>}
      {!sentence && saved && <p class="notice saved">Saved: {saved}</p>}
    </div>
  );
}
