import type { Command } from '../../reports/live/protocol.ts';
import { toldError } from '../console/errors.ts';
import { ask, clear, kill, rename, restartInTurn } from './by-hand.ts';
import type { Live } from './live.ts';
import { refusalOf } from './setting.ts';

/** The presenter's commands, one after the other: each finds the fleet as the one before left it. */
export class Commands {
  readonly #live: Live;
  readonly #more: (command: Command) => Promise<void>;
  #last: Promise<unknown> = Promise.resolve();

  /** @param more does what is about no fleet: to save, to go through the acts */
  constructor(live: Live, more: (command: Command) => Promise<void>) {
    this.#live = live;
    this.#more = more;
  }

  /** Why this cannot be done, as a sentence; `null`: it is in the queue. */
  give(command: Command): string | null {
    const refusal = this.refusalOf(command);
    if (refusal === null) void this.queue(() => this.perform(command));
    return refusal;
  }

  /** Does something when its turn comes; what goes wrong is told to the presenter. Whether it went well. */
  queue(act: () => Promise<void>): Promise<boolean> {
    const done = this.#last.then(act).then(
      () => true,
      (error) => {
        this.#live.stage.say(sentenceOf(error));
        return false;
      },
    );
    this.#last = done;
    return done;
  }

  /** @throws what it fails with */
  async perform(command: Command): Promise<void> {
    const live = this.#live;
    switch (command.do) {
      case 'play':
        return live.play();
      case 'pause':
        return live.pause();
      case 'set':
        return live.change(command.setting);
      case 'ask':
        await ask(live, command.key, { slot: command.slot });
        return;
      case 'rename':
        await rename(live, command.key);
        return;
      case 'kill':
        return kill(live, command.slot);
      case 'restart':
        return restartInTurn(live);
      case 'clear':
        return clear(live, command.slot);
      default:
        return this.#more(command);
    }
  }

  /** Why a command makes no sense as things are, as a sentence; `null`: it does. */
  refusalOf(command: Command): string | null {
    const { setting, choices } = this.#live;
    if (command.do === 'set') return refusalOf(command.setting, choices);
    if ('key' in command && command.key > setting.keys) {
      return `There is no user ${command.key}: there are ${setting.keys}.`;
    }
    if ('slot' in command && command.slot !== undefined && command.slot > setting.workers) {
      return `There is no worker ${command.slot}: there are ${setting.workers}.`;
    }
    return null;
  }
}

/** What a presenter is told when something could not be done. */
export function sentenceOf(error: unknown): string {
  const told = toldError(error);
  return told ? `${told.message} ${told.remedy}`.trim() : String(error);
}
