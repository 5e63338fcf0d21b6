import type { LabResponse, TrafficResponse } from '../kit/contract.ts';

/** What readers got, with the time at which the worker's cache answered; columns of equal length. */
export interface Reads {
  readonly atSeconds: number[];
  readonly slot: number[];
  /** The user's version in the reply; each update raises it. */
  readonly version: number[];
  /** Every copy that a worker stored meanwhile. */
  readonly copies: {
    readonly slot: number;
    readonly atSeconds: number;
    readonly version: number;
  }[];
  /** `null`: the update was never made. */
  update: {
    readonly slot: number;
    readonly atSeconds: number;
    readonly version: number;
  } | null;
}

/** Notes what is read, and the one update in between. */
export class ReadWatch {
  readonly reads: Reads = { atSeconds: [], slot: [], version: [], copies: [], update: null };

  readonly see = (response: TrafficResponse): void => {
    const { slot, headers } = response;
    const body = JSON.parse(response.body) as { version: number };
    this.copied({ slot, headers, body });
    this.reads.atSeconds.push(cacheTime(headers));
    this.reads.slot.push(slot);
    this.reads.version.push(body.version);
  };

  /** Notes whether this response made its worker store a copy. */
  copied({ slot, headers, body }: Pick<LabResponse, 'slot' | 'headers' | 'body'>): void {
    const stored = headers['x-cache-time']?.split(';stored=')[1];
    if (stored === undefined) return;
    const { version } = body as { version: number };
    this.reads.copies.push({ slot, atSeconds: Number(stored), version });
  }

  /** The answer to the update: the worker's cache dropped its copy at that time. */
  updated({ slot, headers, body }: LabResponse): void {
    const { version } = body as { version: number };
    this.reads.update = { slot, atSeconds: cacheTime(headers), version };
  }
}

/** The worker's clock when its cache was asked, in seconds. */
function cacheTime(headers: Readonly<Record<string, string | undefined>>): number {
  return Number.parseFloat(headers['x-cache-time'] ?? 'NaN');
}
