/** A page that watches. */
export interface Viewer {
  /** Takes a message; done when the connection can take another. */
  send(text: string): Promise<unknown>;
}

interface State {
  /** Whether a message is on its way. */
  busy: boolean;
  /** Whether it missed one meanwhile. */
  missed: boolean;
}

/**
 * Pages that watch. Each has one message on its way at most: what a slow one misses meanwhile is made
 * up for by all that there is to show, never by a backlog.
 */
export class Viewers {
  readonly #states = new Map<Viewer, State>();

  get size(): number {
    return this.#states.size;
  }

  /** It begins with all that there is to show. */
  add(viewer: Viewer, whole: string): void {
    const state = { busy: false, missed: false };
    this.#states.set(viewer, state);
    this.#send(viewer, state, whole);
  }

  remove(viewer: Viewer): void {
    this.#states.delete(viewer);
  }

  /** @param whole all that there is to show, `message` included; made only when somebody needs it */
  tell(message: string, whole: () => string): void {
    let all: string | undefined;
    for (const [viewer, state] of this.#states) {
      if (state.busy) {
        state.missed = true;
        continue;
      }
      if (state.missed) all ??= whole();
      this.#send(viewer, state, state.missed ? all! : message);
    }
  }

  #send(viewer: Viewer, state: State, text: string): void {
    state.busy = true;
    state.missed = false;
    const done = () => {
      state.busy = false;
    };
    viewer.send(text).then(done, () => this.remove(viewer));
  }
}
