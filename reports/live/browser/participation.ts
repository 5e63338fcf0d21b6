import type { Answered, Own, Participant, Vote } from '../protocol.ts';
import { type Posted, post, UNHEARD } from './post.ts';

/** Own answers that stay on the page. */
const MOST_ANSWERS = 8;
const RETRY_MILLIS = 2_000;
/** Where the browser keeps who this is, over a reload. */
const KEPT = 'participant';

/** A participant's line to the lab: joins, hears of acts, asks and votes. */
export class Participation {
  participant: Participant | null = null;
  own: Own | null = null;
  /** The newest first. */
  answers: readonly Answered[] = [];
  asking = false;
  problem: string | null = null;
  readonly #changed: () => void;
  #source: EventSource | null = null;

  /** @param changed called after everything that changes what the page shows */
  constructor(changed: () => void) {
    this.#changed = changed;
    this.participant = kept();
    if (this.participant) this.#listen(this.participant);
    else void this.#join();
  }

  /** Asks for the participant's user. */
  async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    this.#changed();
    const { answer } = await this.#post<Answered>('ask');
    this.asking = false;
    if (answer) this.answers = [answer, ...this.answers].slice(0, MOST_ANSWERS);
    this.#changed();
  }

  /** Votes for an answer of the act, shown at once. */
  async vote(answer: Vote['answer']): Promise<void> {
    if (this.own) this.own = { ...this.own, vote: answer };
    this.#changed();
    await this.#post('vote', { answer } satisfies Vote);
  }

  async #post<T>(path: string, body?: unknown): Promise<Posted<T>> {
    const posted = await post<T>(path, this.participant?.token, body);
    this.problem = posted.problem;
    // The lab was started anew and knows nobody.
    if (posted.status === 403) await this.#join();
    this.#changed();
    return posted;
  }

  async #join(): Promise<void> {
    this.#source?.close();
    const { answer, problem } = await post<Participant>('join');
    this.problem = problem;
    if (answer) {
      this.participant = answer;
      keep(answer);
      this.#listen(answer);
    } else {
      setTimeout(() => void this.#join(), RETRY_MILLIS);
    }
    this.#changed();
  }

  #listen({ token }: Participant): void {
    const source = new EventSource(`own?token=${encodeURIComponent(token)}`);
    this.#source = source;
    source.addEventListener('message', ({ data }) => {
      this.own = JSON.parse(data) as Own;
      this.problem = null;
      this.#changed();
    });
    source.addEventListener('error', () => {
      this.problem = UNHEARD;
      // A broken line is tried again by the browser; one that was refused needs another token.
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(() => void this.#join(), RETRY_MILLIS);
      }
      this.#changed();
    });
  }
}

function kept(): Participant | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') as Participant | null;
  } catch {
    return null;
  }
}

function keep(participant: Participant): void {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(participant));
  } catch {
    // Without storage a reload makes another participant.
  }
}
