import { counted } from '../../record/format.ts';
import { showAnswer, toAct, type Wish } from '../keys.ts';
import type { LiveView } from '../live-view.ts';
import type { ActState } from '../protocol.ts';
import { LETTERS } from '../sentence.ts';

interface ActsProps {
  readonly view: LiveView;
  readonly fulfil: (wish: Wish | null) => void;
}

/** The presenter's script: the act's question, the votes, the answer once it is asked for. */
export function Acts({ view, fulfil }: ActsProps) {
  const { act, audience } = view;
  return (
    <section class="acts" aria-label="Acts">
      <div class="act-head">
        {act ? (
          <p class="act-title">
            act {act.number} of {act.of} · {act.title}
            {audience && ` · ${counted(votesOf(act), 'vote')}`}
          </p>
        ) : (
          <p>A lesson in acts, each with a question to the room: press → or begin.</p>
        )}
        <ActButtons {...{ view, fulfil }} />
      </div>
      {act && <Act act={act} voters={audience !== null} />}
    </section>
  );
}

function ActButtons({ view, fulfil }: ActsProps) {
  const { act } = view;
  const forward = () => fulfil(toAct(view, 1));
  if (act === null) {
    return (
      <button type="button" onClick={forward}>
        Begin
      </button>
    );
  }
  return (
    <>
      <button
        type="button"
        onClick={() => fulfil(toAct(view, -1))}
        aria-label={act.number === 1 ? 'Leave the script' : 'The act before'}
      >
        ◀
      </button>
      <button
        type="button"
        disabled={act.step !== 'asked'}
        onClick={() => fulfil(showAnswer(view))}
      >
        Show the answer
      </button>
      <button
        type="button"
        disabled={act.number === act.of}
        onClick={forward}
        aria-label="The next act"
      >
        ▶
      </button>
    </>
  );
}

/** What is asked; once it is shown, what came out takes the place of what was set up. */
function Act({ act, voters }: { act: ActState; voters: boolean }) {
  return (
    <>
      <h2>{act.question}</h2>
      <p role="status">
        {act.step === 'showing' ? 'Watch the stage …' : (act.outcome ?? act.setting)}
      </p>
      <ol class="answers">
        {act.answers.map((answer, index) => (
          <li key={LETTERS[index]} class={lookOf(act, index)}>
            <span class="letter">{LETTERS[index]}</span>
            <span class="answer-text">
              {answer}
              {act.right === index && <span class="visually-hidden"> (right)</span>}
            </span>
            {voters && <span class="answer-votes">{act.votes[index]}</span>}
            {voters && (
              <progress
                value={act.votes[index]}
                max={Math.max(1, votesOf(act))}
                aria-label={`votes for ${LETTERS[index]}`}
              />
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

const votesOf = ({ votes }: ActState) => votes.reduce((all, one) => all + one, 0);

function lookOf({ right }: ActState, index: number): string {
  if (right === null) return '';
  return right === index ? 'right' : 'wrong';
}
