import type { ComponentChildren } from 'preact';
import { RESTARTING } from '../protocol.ts';

/** What a setting is called on the page; those that start the workers anew are marked. */
export function Label({ name, children }: { name: string; children: ComponentChildren }) {
  const restarts = (RESTARTING as readonly string[]).includes(name);
  return (
    <span class="label">
      {children}
      {restarts && (
        <span class="restarts" title="starts the workers anew, with empty caches">
          <span aria-hidden="true">↻</span>
          <span class="visually-hidden">(starts the workers anew)</span>
        </span>
      )}
    </span>
  );
}

/** One of several, as buttons in a row; what cannot be chosen says why not. */
export function Choice<T extends string>(props: {
  readonly name: string;
  readonly label: string;
  readonly value: T;
  readonly options: readonly {
    readonly value: T;
    readonly text?: string;
    readonly whyNot?: string | null;
  }[];
  readonly choose: (value: T) => void;
}) {
  const { name, label, value, options, choose } = props;
  return (
    <fieldset class="choice" data-setting={name}>
      <legend>
        <Label name={name}>{label}</Label>
      </legend>
      <div class="segments">
        {options.map(({ value: option, text, whyNot }) => (
          <label key={option} title={whyNot ?? undefined}>
            <input
              type="radio"
              name={name}
              value={option}
              checked={option === value}
              disabled={Boolean(whyNot)}
              onChange={() => choose(option)}
            />
            <span>{text ?? option}</span>
          </label>
        ))}
      </div>
      {options
        .filter(({ whyNot }) => whyNot)
        .map(({ value: option, whyNot }) => (
          <p class="why-not" key={option}>
            {option}: {whyNot}
          </p>
        ))}
    </fieldset>
  );
}

/** A whole number; where it may be left out, `empty` says what that means. */
export function NumberField(props: {
  readonly name: string;
  readonly label: string;
  readonly value: number | null;
  readonly least: number;
  readonly most?: number;
  readonly step?: number | 'any';
  readonly empty?: string;
  readonly commit: (value: number | null) => void;
}) {
  const { name, label, value, least, most, step, empty, commit } = props;
  const text = value === null ? '' : String(value);
  return (
    <label class="field">
      <Label name={name}>{label}</Label>
      {/* Whatever is drawn meanwhile, what is being typed stays: it is another field only with another value. */}
      <input
        key={text}
        type="number"
        data-field={name}
        defaultValue={text}
        min={least}
        max={most}
        step={step}
        placeholder={empty}
        required={empty === undefined}
        onChange={({ currentTarget }) => {
          if (!currentTarget.reportValidity()) return;
          const wanted = currentTarget.value === '' ? null : currentTarget.valueAsNumber;
          if (wanted !== value) commit(wanted);
        }}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Escape') currentTarget.value = text;
          if (key === 'Enter' || key === 'Escape') currentTarget.blur();
        }}
      />
    </label>
  );
}
