import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type FieldName, type Wish, wishOf } from '../keys.ts';
import { Acts } from './acts.tsx';
import { LabConnection } from './connection.ts';
import { Controls } from './controls.tsx';
import { Help, Invitation } from './dialogs.tsx';
import { Headline } from './headline.tsx';
import { onKey } from './keyboard.ts';
import { LiveCharts } from './live-charts.tsx';
import { Notice } from './notice.tsx';
import { Stage } from './stage.tsx';
import { Legend } from './stage-legend.tsx';

/** The user that the lesson is told with. */
const FAMOUS_USER = 123;

/** The script of the presenter's page. */
const secret = new URLSearchParams(location.search).get('secret') ?? '';
render(<Presenter lab={new LabConnection(secret)} />, document.getElementById('live')!);

function Presenter({ lab }: { lab: LabConnection }) {
  useChanges(lab);
  const [wantedSlot, choose] = useCurrent<number | null>(null);
  const [wantedUser, setUser] = useCurrent(FAMOUS_USER);
  const [opened, setOpened] = useState<'help' | 'audience' | null>(null);
  const { view, problem } = lab;
  // A smaller fleet has not all the workers of the one before, nor all its users.
  const chosen = () =>
    lab.view?.workers.some(({ slot }) => slot === wantedSlot()) ? wantedSlot() : null;
  const user = () => Math.min(wantedUser(), lab.view?.setting.keys ?? FAMOUS_USER);
  const fulfil = (wish: Wish | null) => {
    if (wish === null) return;
    if ('command' in wish) lab.send(wish.command);
    else if ('choose' in wish) choose(wish.choose);
    else if ('focus' in wish) focusField(wish.focus);
    else if (wish.open === 'theme') document.getElementById('theme')!.click();
    else setOpened(wish.open);
  };
  useEffect(() => {
    const now = () => ({
      view: { ...lab.view!, setting: lab.setting },
      chosen: chosen(),
      user: user(),
    });
    return onKey((key) => lab.view && wishOf(key, now()), fulfil);
  }, [lab]);
  if (view === null) return <p class="waiting">{problem ?? 'Waiting for the lab …'}</p>;
  const close = () => setOpened(null);
  return (
    <main class="live">
      <Headline
        view={view}
        openHelp={() => setOpened('help')}
        openAudience={() => setOpened('audience')}
      />
      <div class="wall">
        <Stage {...{ lab, view }} chosen={chosen()} />
        <Legend view={view} />
      </div>
      <aside class="side" aria-label="Charts and controls">
        <LiveCharts view={view} />
        <Controls
          send={(command) => lab.send(command)}
          {...{ choose, setUser }}
          view={{ ...view, setting: lab.setting }}
          chosen={chosen()}
          user={user()}
        />
      </aside>
      <Acts {...{ view, fulfil }} />
      <Notice {...{ view, problem }} />
      <Help open={opened === 'help'} close={close} />
      {view.audience && (
        <Invitation audience={view.audience} open={opened === 'audience'} close={close} />
      )}
    </main>
  );
}

/** State that can be read at once by what hears keys, of which two come before the next rendering. */
function useCurrent<T>(first: T): [() => T, (value: T) => void] {
  const current = useRef(first);
  const [, setVersion] = useState(0);
  const set = (value: T) => {
    current.current = value;
    setVersion((version) => version + 1);
  };
  return [() => current.current, set];
}

/** Renders again whenever the lab has told something. */
function useChanges(lab: LabConnection): void {
  const [, setVersion] = useState(0);
  useEffect(() => lab.onChange(() => setVersion((version) => version + 1)), [lab]);
}

function focusField(name: FieldName): void {
  const field = document.querySelector<HTMLInputElement>(`[data-field="${name}"]`)!;
  field.focus();
  field.select();
}
