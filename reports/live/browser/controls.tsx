import { count } from '../../record/format.ts';
import { POPULARITIES, ROUTINGS } from '../../record/vocabulary.ts';
import { RATES, rateIndex } from '../keys.ts';
import type { LiveView } from '../live-view.ts';
import type { Setting } from '../protocol.ts';
import { type AskProps, AskRow } from './ask.tsx';
import { Choice, Label, NumberField } from './fields.tsx';

/** Everything that a presenter can change or have done. */
export function Controls(props: AskProps) {
  const { view, send, chosen } = props;
  const { setting } = view;
  const set = (changes: Partial<Omit<Setting, 'playing'>>) => send({ do: 'set', setting: changes });
  return (
    <section class="controls" aria-label="Controls">
      <Pace setting={setting} send={send} set={set} />
      <AskRow {...props} />
      <div class="actions">
        <button
          type="button"
          onClick={() => send(chosen === null ? { do: 'clear' } : { do: 'clear', slot: chosen })}
        >
          {chosen === null ? 'Clear all' : `Clear ${chosen}`}
        </button>
        <button type="button" onClick={() => send({ do: 'restart' })}>
          Restart all
        </button>
        <button type="button" onClick={() => send({ do: 'save' })}>
          Save
        </button>
      </div>
      <Fleet view={view} set={set} />
    </section>
  );
}

type Set = (changes: Partial<Omit<Setting, 'playing'>>) => void;

/** Play and pause, and how fast. */
function Pace({ setting, send, set }: { setting: Setting; send: AskProps['send']; set: Set }) {
  const { playing, ratePerSecond } = setting;
  const rate = ratePerSecond === null ? 'as fast as it goes' : `${count(ratePerSecond)} requests/s`;
  return (
    <div class="pace">
      <button
        type="button"
        class="play"
        onClick={() => send({ do: playing ? 'pause' : 'play' })}
        aria-label={playing ? 'Pause' : 'Play'}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d={playing ? 'M3 2h4v12H3zM9 2h4v12H9z' : 'M3 1.5 14 8 3 14.5z'} />
        </svg>
      </button>
      <label class="rate">
        <span class="visually-hidden">requests per second</span>
        <input
          type="range"
          min="0"
          max={RATES.length - 1}
          value={rateIndex(ratePerSecond)}
          aria-valuetext={rate}
          onChange={({ currentTarget }) =>
            set({ ratePerSecond: RATES[currentTarget.valueAsNumber]! })
          }
        />
        <span class="said">{rate}</span>
      </label>
    </div>
  );
}

/** What the fleet and its traffic are. */
function Fleet({ view: { setting, choices }, set }: { view: LiveView; set: Set }) {
  return (
    <>
      <div class="field workers">
        <Label name="workers">workers</Label>
        <span class="stepper">
          <button
            type="button"
            aria-label="One worker less"
            disabled={setting.workers <= 1}
            onClick={() => set({ workers: setting.workers - 1 })}
          >
            −
          </button>
          <output>{setting.workers}</output>
          <button
            type="button"
            aria-label="One worker more"
            disabled={setting.workers >= choices.mostWorkers}
            onClick={() => set({ workers: setting.workers + 1 })}
          >
            +
          </button>
        </span>
      </div>
      <Choice
        name="launcher"
        label="launcher"
        value={setting.launcher}
        options={choices.launchers.map((value) => ({ value }))}
        choose={(launcher) => set({ launcher })}
      />
      <Choice
        name="backend"
        label="backend"
        value={setting.backend}
        options={choices.backends.map(({ name, whyNot }) => ({ value: name, whyNot }))}
        choose={(backend) => set({ backend })}
      />
      <Choice
        name="routing"
        label="routing"
        value={setting.routing}
        options={ROUTINGS.map((value) => ({ value, text: value.replaceAll('-', ' ') }))}
        choose={(routing) => set({ routing })}
      />
      <NumberField
        name="timeoutSeconds"
        label="TIMEOUT, s"
        value={setting.timeoutSeconds}
        least={0}
        step="any"
        empty="never"
        commit={(timeoutSeconds) => set({ timeoutSeconds })}
      />
      <NumberField
        name="maxEntries"
        label="MAX_ENTRIES"
        value={setting.maxEntries}
        least={1}
        commit={(maxEntries) => set({ maxEntries: maxEntries! })}
      />
      <NumberField
        name="keys"
        label="keys"
        value={setting.keys}
        least={1}
        commit={(keys) => set({ keys: keys! })}
      />
      <Choice
        name="popularity"
        label="popularity"
        value={setting.popularity}
        options={POPULARITIES.map((value) => ({ value }))}
        choose={(popularity) => set({ popularity })}
      />
    </>
  );
}
