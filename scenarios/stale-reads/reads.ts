import type { LabResponse, TrafficResponse } from '../scenario.ts';

/** What readers got, with the time at which the worker's cache answered; columns of equal length. */
export interface Reads {
  readonly atSeconds: number[];
  readonly slot: number[];
  /** The user's version in the reply; each update raises it. */
  readonly version: number[];
  /** When each worker stored the copy that it held at the update. */
  readonly copiedAtSeconds: number[];
  /** `null`: the update was never made. */
  readonly update: { readonly atSeconds: number; readonly version: number } | null;
}

/** Notes what is read, and the one update in between. */
export class ReadWatch {
  readonly #atSeconds: number[] = [];
  readonly #slot: number[] = [];
  readonly #version: number[] = [];
  readonly #copied = new Map<number, number>();
  #update: Reads['update'] = null;

  readonly see = (response: TrafficResponse): void => {
    this.#atSeconds.push(cacheTime(response.headers));
    this.#slot.push(response.slot);
    this.#version.push((JSON.parse(response.body) as { version: number }).version);
  };

  /** A worker's own copy was made by this response. */
  copied({ slot, headers }: LabResponse): void {
    const stored = headers['x-cache-time']?.split(';stored=')[1];
    if (stored !== undefined) this.#copied.set(slot, Number(stored));
  }

  /** The answer to the update: the worker's cache dropped its copy at that time. */
  updated({ headers, body }: LabResponse): void {
    const { version } = body as { version: number };
    this.#update = { atSeconds: cacheTime(headers), version };
  }

  reads(): Reads {
    return {
      atSeconds: this.#atSeconds,
      slot: this.#slot,
      version: this.#version,
      copiedAtSeconds: [...this.#copied.values()],
      update: this.#update,
    };
  }
}

/** The worker's clock when its cache was asked, in seconds. */
function cacheTime(headers: Readonly<Record<string, string | undefined>>): number {
  return Number.parseFloat(headers['x-cache-time'] ?? 'NaN');
}
