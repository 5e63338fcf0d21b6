import { render } from 'preact';
import { formatValue } from '../../record/format.ts';
import { isHit } from '../flight.ts';
import type { Answered, Own, Vote } from '../protocol.ts';
import { LETTERS, OUTCOME_WORDS } from '../sentence.ts';
import { Participation } from './participation.ts';
import { ThemeButton } from './theme-button.tsx';

/** The script of a participant's page. */
const place = document.getElementById('live')!;
const line = new Participation(() => queueMicrotask(draw));
draw();

function draw(): void {
  render(<Page />, place);
}

function Page() {
  const { participant, own, answers, asking, problem } = line;
  if (participant === null) return <p class="waiting">{problem ?? 'Joining …'}</p>;
  const key = own?.key ?? participant.key;
  return (
    <main class="phone">
      <header>
        <h1>
          You are user <b>{key}</b>
        </h1>
        <p>
          On the wall your dots carry the number <b>{participant.number}</b>.
        </p>
      </header>
      <button type="button" class="ask-button" aria-busy={asking} onClick={() => line.ask()}>
        Ask for user {key}
      </button>
      <p class="notice" role="status" hidden={!problem && !own?.busy}>
        {problem ?? own?.busy}
      </p>
      <Answers answers={answers} />
      {own?.act && <Question act={own.act} vote={own.vote} />}
      <ThemeButton />
    </main>
  );
}

/** The newest answer large, those before it in a list. */
function Answers({ answers }: { answers: readonly Answered[] }) {
  const [newest, ...before] = answers;
  return (
    <section class="own-answers" aria-label="Who answered">
      <div role="status">
        {newest ? (
          <p class={isHit(newest.outcome) ? 'newest known' : 'newest unknown'}>
            <b>worker {newest.slot}</b>
            <span>{isHit(newest.outcome) ? 'knew you' : 'did not know you'}</span>
            <small>
              {OUTCOME_WORDS[newest.outcome]}, {millis(newest)} · process {newest.pid}
            </small>
          </p>
        ) : (
          <p class="newest">Who will answer, and will it know you?</p>
        )}
      </div>
      <ol>
        {before.map((answer, index) => (
          <li key={`${before.length - index}`}>
            <span>worker {answer.slot}</span>
            <span class={isHit(answer.outcome) ? 'good' : 'doubt'}>
              {OUTCOME_WORDS[answer.outcome]}
            </span>
            <span>{millis(answer)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

const millis = (answer: Answered) => formatValue(1_000 * answer.millis, 'micros');

/** The question of the act, to vote on until its answer is shown. */
function Question({ act, vote }: { act: NonNullable<Own['act']>; vote: number | null }) {
  const asked = act.step === 'asked';
  return (
    <section class="question" aria-label="Question">
      <p class="quiet">
        act {act.number} of {act.of} · {act.title}
      </p>
      <h2>{act.question}</h2>
      <div class="votes">
        {act.answers.map((answer, index) => (
          <button
            type="button"
            key={LETTERS[index]}
            class={act.right === index ? 'right' : ''}
            aria-pressed={vote === index}
            disabled={!asked}
            onClick={() => line.vote(index as Vote['answer'])}
          >
            <b>{LETTERS[index]}</b> {answer}
          </button>
        ))}
      </div>
      <p role="status">{saidOf(act, vote)}</p>
    </section>
  );
}

function saidOf({ step, right, outcome }: NonNullable<Own['act']>, vote: number | null): string {
  if (step === 'showing') return 'Watch the wall …';
  if (right === null)
    return vote === null ? 'What do you think?' : 'You can still change your mind.';
  const judged = vote === null ? '' : vote === right ? 'Right. ' : 'Not this one. ';
  return judged + (outcome ?? '');
}
