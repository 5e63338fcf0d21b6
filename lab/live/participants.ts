import { randomBytes } from 'node:crypto';
import type { Answered, Own, Participant } from '../../reports/live/protocol.ts';
import { LabError } from '../console/errors.ts';
import type { ActPlay } from './act-play.ts';
import { ask } from './by-hand.ts';
import type { Live } from './live.ts';
import type { Viewer } from './viewers.ts';

/** A phone. */
interface Guest {
  readonly number: number;
  readonly token: string;
  /** Where it watches; `null`: nowhere at present. */
  viewer: Viewer | null;
  /** What it was told last. */
  told: string;
  /** Whether a message is on its way to it. */
  busy: boolean;
}

/** More than any room has. */
const MOST = 500;

/**
 * Who takes part from the audience. A participant has a number, a user of its own to ask for, and a
 * token by which it is known; it can do nothing but ask for that user and vote.
 */
export class Participants {
  readonly #live: Live;
  readonly #acts: ActPlay;
  readonly #guests = new Map<string, Guest>();
  #last = 0;

  constructor(live: Live, acts: ActPlay) {
    this.#live = live;
    this.#acts = acts;
  }

  /** @throws LabError when the room is full of such as watch */
  join(): Participant {
    if (this.#guests.size >= MOST) this.#dropOneThatLeft();
    this.#last += 1;
    const token = randomBytes(16).toString('hex');
    const guest = { number: this.#last, token, viewer: null, told: '', busy: false };
    this.#guests.set(token, guest);
    return { token, number: guest.number, key: this.#keyOf(guest) };
  }

  knows(token: string): boolean {
    return this.#guests.has(token);
  }

  /** How many watch. */
  get present(): number {
    return this.#guests
      .values()
      .filter(({ viewer }) => viewer !== null)
      .toArray().length;
  }

  /** Asks for the participant's own user, wherever the routing leads it. @throws as `ask` */
  async ask(token: string): Promise<Answered> {
    const guest = this.#guests.get(token)!;
    const key = this.#keyOf(guest);
    const { slot, pid, outcome, latencyMicros } = await ask(this.#live, key, {
      guest: guest.number,
    });
    return { slot, pid, key, outcome, millis: Math.round(latencyMicros) / 1_000 };
  }

  /** Whether the vote counts: not once the answer is shown. */
  vote(token: string, answer: number): boolean {
    return this.#acts.vote(this.#guests.get(token)!.number, answer);
  }

  /** From now on this is where the participant watches. */
  watch(token: string, viewer: Viewer): void {
    const guest = this.#guests.get(token)!;
    Object.assign(guest, { viewer, told: '', busy: false });
    this.#tell(guest);
  }

  left(token: string, viewer: Viewer): void {
    const guest = this.#guests.get(token);
    if (guest?.viewer !== viewer) return;
    guest.viewer = null;
    this.#live.stream.forget(guest.number);
  }

  /** Tells each what is new for it; who is slow is told the newest when it can take it. */
  tell(): void {
    for (const guest of this.#guests.values()) this.#tell(guest);
  }

  #tell(guest: Guest): void {
    const { viewer } = guest;
    if (!viewer || guest.busy) return;
    const text = JSON.stringify(this.#ownOf(guest));
    if (text === guest.told) return;
    guest.told = text;
    guest.busy = true;
    const done = () => {
      if (guest.viewer === viewer) guest.busy = false;
    };
    viewer.send(text).then(done, done);
  }

  #ownOf(guest: Guest): Own {
    const { act, busy } = this.#live.stage.shown;
    const key = this.#keyOf(guest);
    if (!act) return { act, vote: null, busy, key };
    const { number, of, title, question, answers, step, right, outcome } = act;
    const told = { number, of, title, question, answers, step, right, outcome };
    return { act: told, vote: this.#acts.voteOf(guest.number) as Own['vote'], busy, key };
  }

  #keyOf({ number }: Pick<Guest, 'number'>): number {
    return 1 + ((number - 1) % this.#live.setting.keys);
  }

  #dropOneThatLeft(): void {
    for (const { token, viewer } of this.#guests.values()) {
      if (viewer) continue;
      this.#guests.delete(token);
      return;
    }
    throw new LabError(`The room is full: ${MOST} take part.`, { remedy: 'Try again later.' });
  }
}
