import { counted } from '../../record/format.ts';
import { showAnswer, toAct, type Wish } from '../keys.ts';
import type { LiveView } from '../live-view.ts';
import type { ActState } from '../protocol.ts';

interface ActsProps {
  readonly view: LiveView;
  readonly fulfil: (wish: Wish | null) => void;
}

/** The presenter's script: the act's question, the votes, the answer once it is asked for. */
export function Acts({ view, fulfil }: ActsProps) {
  const { act } = view;
  return (
    <section class={act ? 'acts' : 'acts idle'} aria-label="Acts">
      {act ? (
        <Act act={act} voters={view.audience !== null} />
      ) : (
        <p class="act-idle">A lesson in acts, each with a question: press → or begin.</p>
      )}
      <div class="act-way">
        {act && (
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
              class="show-answer"
              disabled={act.step !== 'asked'}
              onClick={() => fulfil(showAnswer(view))}
            >
              Show the answer
            </button>
          </>
        )}
        <button
          type="button"
          disabled={act !== null && act.number === act.of}
          onClick={() => fulfil(toAct(view, 1))}
          aria-label={act ? 'Next act' : undefined}
        >
          {act ? '▶' : 'Begin'}
        </button>
      </div>
    </section>
  );
}

function Act({ act, voters }: { act: ActState; voters: boolean }) {
  const votes = act.votes.reduce((all, one) => all + one, 0);
  return (
    <div class="act">
      <div class="act-text">
        <p class="act-title">
          act {act.number} of {act.of} · {act.title}
          {voters && <span class="act-votes"> · {counted(votes, 'vote')}</span>}
        </p>
        <h2>{act.question}</h2>
        <p class="act-said" role="status">
          {act.step === 'showing' ? 'Watch the stage …' : (act.outcome ?? act.setting)}
        </p>
      </div>
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
                max={Math.max(1, votes)}
                aria-label={`votes for ${LETTERS[index]}`}
              />
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** What the four answers are called. */
export const LETTERS = ['A', 'B', 'C', 'D'] as const;

function lookOf({ right }: ActState, index: number): string {
  if (right === null) return '';
  return right === index ? 'right' : 'wrong';
}
