import type { LiveView } from '../live-view.ts';
import type { Command } from '../protocol.ts';
import { answerWords } from '../sentence.ts';

export interface AskProps {
  readonly view: LiveView;
  readonly send: (command: Command) => void;
  /** The worker that commands are for. */
  readonly chosen: number | null;
  readonly choose: (slot: number | null) => void;
  readonly user: number;
  readonly setUser: (user: number) => void;
}

/** Asks for one user by hand, wherever the routing leads or at one worker, and renames it. */
export function AskRow({ view, send, chosen, choose, user, setUser }: AskProps) {
  const ask = () =>
    send(chosen === null ? { do: 'ask', key: user } : { do: 'ask', key: user, slot: chosen });
  return (
    <form
      class="ask"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <label>
        user{' '}
        <input
          type="number"
          data-field="ask"
          value={user}
          min={1}
          max={view.setting.keys}
          required
          onInput={({ currentTarget }) => {
            if (currentTarget.validity.valid) setUser(currentTarget.valueAsNumber);
          }}
          onKeyDown={({ key, currentTarget }) => {
            if (key === 'Escape') currentTarget.blur();
          }}
        />
      </label>
      <label>
        at{' '}
        <select
          value={chosen ?? ''}
          onChange={({ currentTarget: { value } }) => choose(value === '' ? null : Number(value))}
        >
          <option value="">any worker</option>
          {view.workers.map(({ slot }) => (
            <option key={slot} value={slot}>
              worker {slot}
            </option>
          ))}
        </select>
      </label>
      <button type="submit">Ask</button>
      <button type="button" onClick={() => send({ do: 'rename', key: user })}>
        Rename
      </button>
      <p class="answered" role="status">
        {view.lastAsked ? answerWords(view.lastAsked) : 'Who answers, and does it know?'}
      </p>
    </form>
  );
}
