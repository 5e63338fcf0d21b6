import { useEffect, useState } from 'preact/hooks';
import type { LiveView } from '../live-view.ts';

/** How long a sentence stays. */
const SHOWN_MILLIS = 10_000;

/** What could not be done, what is wrong, and where the run was saved. */
export function Notice({ view, problem }: { view: LiveView; problem: string | null }) {
  const { said, saved } = view;
  const refused = useForAWhile(said, said?.number);
  const savedNow = useForAWhile(saved, saved);
  const sentence = problem ?? refused?.text ?? (savedNow && `Saved: ${savedNow}`);
  return (
    <div class="notices" role="status">
      {sentence && <p class="notice">{sentence}</p>}
    </div>
  );
}

/** The value for as long as it is read, from when its `id` changed; then nothing. */
function useForAWhile<T>(value: T, id: unknown): T | null {
  const [over, setOver] = useState<unknown>(null);
  useEffect(() => {
    const timer = setTimeout(() => setOver(id), SHOWN_MILLIS);
    return () => clearTimeout(timer);
  }, [id]);
  return over === id ? null : value;
}
