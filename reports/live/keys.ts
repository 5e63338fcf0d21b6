import { POPULARITIES, ROUTINGS } from '../record/vocabulary.ts';
import type { LiveView } from './live-view.ts';
import type { Command, Setting } from './protocol.ts';

/** Fields that a key leads to. */
export type FieldName = 'ask' | 'timeoutSeconds' | 'maxEntries' | 'keys';

/** What a key is for: something of the lab, or of the page itself. */
export type Wish =
  | { readonly command: Command }
  | { readonly choose: number | null }
  | { readonly focus: FieldName }
  | { readonly open: 'help' | 'audience' | 'theme' };

/** What a wish depends on. */
export interface Circumstances {
  readonly view: LiveView;
  /** The worker that commands are for. */
  readonly chosen: number | null;
  /** The user in the field for asking. */
  readonly user: number;
}

interface Shortcut {
  /** As the browser calls them. */
  readonly keys: readonly string[];
  /** As the help shows them; left out: the keys themselves. */
  readonly shown?: string;
  readonly does: string;
  readonly wish: (now: Circumstances, key: string) => Wish | null;
}

/** Rates that keys and slider step through; `null`: as fast as it goes. */
export const RATES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, null] as const;

/** All keys, in the order of the help. */
export const SHORTCUTS: readonly Shortcut[] = [
  {
    keys: [' '],
    shown: 'space',
    does: 'play, pause',
    wish: ({ view }) => command({ do: view.setting.playing ? 'pause' : 'play' }),
  },
  {
    keys: ['+', '=', '-'],
    shown: '+ −',
    does: 'faster, slower',
    wish: ({ view }, key) =>
      set({
        ratePerSecond: RATES[stepped(rateIndex(view.setting.ratePerSecond), key === '-' ? -1 : 1)]!,
      }),
  },
  {
    keys: ['w', 'W'],
    shown: 'w W',
    does: 'one worker more, one less',
    wish: ({ view }, key) => withWorkers(view, key === 'w' ? 1 : -1),
  },
  {
    keys: ['o'],
    does: 'next routing',
    wish: ({ view }) => set({ routing: nextOf(ROUTINGS, view.setting.routing) }),
  },
  { keys: ['b'], does: 'next backend', wish: ({ view }) => nextBackend(view) },
  {
    keys: ['l'],
    does: 'next launcher',
    wish: ({ view }) => set({ launcher: nextOf(view.choices.launchers, view.setting.launcher) }),
  },
  {
    keys: ['p'],
    does: 'next popularity',
    wish: ({ view }) => set({ popularity: nextOf(POPULARITIES, view.setting.popularity) }),
  },
  { keys: ['t'], does: 'to TIMEOUT', wish: () => ({ focus: 'timeoutSeconds' }) },
  { keys: ['m'], does: 'to MAX_ENTRIES', wish: () => ({ focus: 'maxEntries' }) },
  { keys: ['k'], does: 'to the number of keys', wish: () => ({ focus: 'keys' }) },
  {
    keys: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    shown: '1 … 9',
    does: 'choose a worker (0: none)',
    wish: ({ view }, key) => chooseSlot(view, Number(key)),
  },
  { keys: ['u'], does: 'ask for a user: type, then Enter', wish: () => ({ focus: 'ask' }) },
  {
    keys: ['n'],
    does: 'rename that user',
    wish: ({ user }) => command({ do: 'rename', key: user }),
  },
  {
    keys: ['x'],
    does: 'kill the chosen worker',
    wish: ({ chosen }) => (chosen === null ? null : command({ do: 'kill', slot: chosen })),
  },
  {
    keys: ['c'],
    does: 'clear the chosen cache, or all',
    wish: ({ chosen }) =>
      command(chosen === null ? { do: 'clear' } : { do: 'clear', slot: chosen }),
  },
  { keys: ['r'], does: 'restart all in turn', wish: () => command({ do: 'restart' }) },
  { keys: ['s'], does: 'save a report', wish: () => command({ do: 'save' }) },
  {
    keys: ['ArrowRight', 'ArrowLeft'],
    shown: '→ ←',
    does: 'next act, act before',
    wish: ({ view }, key) => toAct(view, key === 'ArrowRight' ? 1 : -1),
  },
  { keys: ['a'], does: 'show the answer', wish: ({ view }) => showAnswer(view) },
  {
    keys: ['PageDown', 'PageUp'],
    shown: 'a clicker',
    does: 'forward: answer, next act; back',
    wish: ({ view }, key) =>
      key === 'PageUp' ? toAct(view, -1) : (showAnswer(view) ?? toAct(view, 1)),
  },
  {
    keys: ['g'],
    does: 'the audience’s address',
    wish: ({ view }) => (view.audience ? { open: 'audience' } : null),
  },
  { keys: ['d'], does: 'light, dark', wish: () => ({ open: 'theme' }) },
  { keys: ['?'], does: 'this help', wish: () => ({ open: 'help' }) },
];

/** What a key is for now; `null`: for nothing. */
export function wishOf(key: string, now: Circumstances): Wish | null {
  return SHORTCUTS.find(({ keys }) => keys.includes(key))?.wish(now, key) ?? null;
}

/** Where a rate stands among {@link RATES}: itself, or the nearest below. */
export function rateIndex(rate: number | null): number {
  if (rate === null) return RATES.length - 1;
  return Math.max(
    0,
    RATES.findLastIndex((one) => one !== null && one <= rate),
  );
}

/** To another act, 1…; before the first, the script is left. */
export function toAct({ act }: LiveView, by: 1 | -1): Wish | null {
  if (act === null) return by === 1 ? command({ do: 'act', number: 1 }) : null;
  const number = act.number + by;
  return number > act.of ? null : command({ do: 'act', number });
}

/** Shows the act's answer, where it still waits. */
export function showAnswer({ act }: LiveView): Wish | null {
  return act?.step === 'asked' ? command({ do: 'show' }) : null;
}

const command = (wanted: Command): Wish => ({ command: wanted });

const set = (setting: Partial<Omit<Setting, 'playing'>>) => command({ do: 'set', setting });

const stepped = (index: number, by: number) => Math.min(RATES.length - 1, Math.max(0, index + by));

function nextOf<T>(all: readonly T[], current: T): T {
  return all[(all.indexOf(current) + 1) % all.length]!;
}

function withWorkers({ setting, choices }: LiveView, by: number): Wish | null {
  const workers = setting.workers + by;
  return workers < 1 || workers > choices.mostWorkers ? null : set({ workers });
}

function nextBackend({ setting, choices }: LiveView): Wish {
  const there = choices.backends.filter(({ whyNot }) => whyNot === null).map(({ name }) => name);
  return set({ backend: nextOf(there, setting.backend) });
}

function chooseSlot({ workers }: LiveView, slot: number): Wish | null {
  if (slot === 0) return { choose: null };
  return workers.some((worker) => worker.slot === slot) ? { choose: slot } : null;
}
