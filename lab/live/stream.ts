import { Client } from 'undici';
import type { Routing } from '../../reports/record/vocabulary.ts';
import type { RequestPlan } from '../traffic/drive-plan.ts';
import type { LedgerRow } from '../traffic/ledger.ts';
import { readAccount } from '../traffic/response-headers.ts';
import { patienceSeconds } from '../traffic/single-request.ts';

/** A request with its number in the ledger. */
export interface Numbered {
  readonly request: number;
  readonly plan: RequestPlan;
}

/** A response that came back. */
export interface Streamed extends Omit<LedgerRow, 'arrivedMillis'> {
  /** The client that asked, 0…; of what was asked for by hand, 0. */
  readonly client: number;
  /** Who asked for it by hand: the presenter (0) or a participant (1…); `null`: the stream. */
  readonly guest: number | null;
  /** Of the user, as the page has it; `null`: it is no page of a user. */
  readonly version: number | null;
}

/** Where requests go, and how. */
export interface StreamTarget {
  readonly port: number;
  readonly routing: Routing;
  readonly clients: number;
}

/** What a stream draws from, and whom it tells. */
export interface StreamEnds {
  next(): Numbered;
  onResponse(response: Streamed): void;
  /** A request whose connection broke or whose time was over. */
  onLost(error: Error): void;
}

/** A client of the stream, with a connection of its own. */
interface StreamClient {
  readonly http: Client;
  readonly number: number;
  busy: boolean;
}

/** What was missed for longer than this is not made up for: it would come as a burst. */
const MOST_BEHIND_MILLIS = 100;
/** After an error a client rests, so that a fleet that is gone is not knocked at without end. */
const REST_MILLIS = 100;

/**
 * The stream of requests that a presenter steers. autocannon cannot do this: its rate is fixed when a
 * run begins and counted in whole seconds, it cannot pause, and to stop it breaks off what is on its
 * way. So here undici's clients are used, one connection each, one request at a time; what is on its
 * way is always waited for, so that a change of rate or a pause loses no response and counts none twice.
 */
export class Stream {
  /** Requests that broke. */
  lost = 0;
  readonly #ends: StreamEnds;
  #target: StreamTarget | null = null;
  #clients: StreamClient[] = [];
  #guests = new Map<number, Client>();
  #turn = 0;
  #playing = false;
  #ratePerSecond: number | null = null;
  #lastSent = Number.NEGATIVE_INFINITY;
  #due = 0;
  #timer: NodeJS.Timeout | undefined;
  /** When each of the requests on their way was sent, the oldest first. */
  readonly #onTheWay = new Map<object, number>();
  #settling: (() => void)[] = [];

  constructor(ends: StreamEnds) {
    this.#ends = ends;
  }

  /** From now on to this fleet, in this way; what is on its way to another one still counts. */
  aim(target: StreamTarget): void {
    const before = [...this.#clients.map(({ http }) => http), ...this.#guests.values()];
    this.#target = target;
    this.#clients = Array.from({ length: target.clients }, (_, number) => ({
      number,
      http: this.#connect(target),
      busy: false,
    }));
    this.#guests = new Map();
    for (const http of before) void http.close();
    this.#go();
  }

  play(): void {
    this.#playing = true;
    this.#go();
  }

  /** Nothing more is sent; what is on its way still comes. */
  pause(): void {
    this.#playing = false;
    clearTimeout(this.#timer);
  }

  /** @param ratePerSecond over all clients; `null`: each asks again as soon as it has its answer */
  setRate(ratePerSecond: number | null): void {
    this.#ratePerSecond = ratePerSecond;
    this.#go();
  }

  /** One request by hand, over a connection that is the guest's own. */
  async ask(guest: number, request: Numbered): Promise<Streamed | null> {
    const target = this.#target!;
    let http = this.#guests.get(guest);
    if (!http) {
      http = this.#connect(target);
      this.#guests.set(guest, http);
    }
    return this.#exchange(http, request, { client: 0, guest });
  }

  /** One request by hand to one worker, at its private address. */
  async askWorker(socketPath: string, request: Numbered): Promise<Streamed | null> {
    const http = new Client('http://worker', { ...limits(1), socketPath });
    try {
      return await this.#exchange(http, request, { client: 0, guest: 0 });
    } finally {
      void http.close();
    }
  }

  /** A participant has left. */
  forget(guest: number): void {
    void this.#guests.get(guest)?.close();
    this.#guests.delete(guest);
  }

  /** When the oldest request that is still on its way was sent (`performance.now()`); Infinity: none is. */
  get oldest(): number {
    for (const sent of this.#onTheWay.values()) return sent;
    return Infinity;
  }

  /** Done when nothing is on its way. */
  async settled(): Promise<void> {
    if (this.#onTheWay.size === 0) return;
    await new Promise<void>((resolve) => this.#settling.push(resolve));
  }

  /** Breaks off what is on its way. */
  async close(): Promise<void> {
    this.pause();
    const clients = [...this.#clients.map(({ http }) => http), ...this.#guests.values()];
    this.#clients = [];
    this.#guests.clear();
    await Promise.all(clients.map((http) => http.destroy()));
  }

  #connect({ port, clients }: StreamTarget): Client {
    return new Client(`http://127.0.0.1:${port}`, limits(clients));
  }

  /** Begins anew to send what is due: something has changed. */
  #go(): void {
    const rate = this.#ratePerSecond;
    if (rate !== null) this.#due = Math.max(this.#lastSent + 1_000 / rate, performance.now());
    this.#send();
  }

  #send(): void {
    clearTimeout(this.#timer);
    if (!this.#playing) return;
    const rate = this.#ratePerSecond;
    if (rate === null) {
      for (let client = this.#idle(); client; client = this.#idle()) this.#sendFrom(client);
      return;
    }
    const now = performance.now();
    this.#due = Math.max(this.#due, now - MOST_BEHIND_MILLIS);
    while (this.#due <= now) {
      const client = this.#idle();
      // Whoever is answered first sends it.
      if (!client) return;
      this.#due += 1_000 / rate;
      this.#sendFrom(client);
    }
    this.#timer = setTimeout(() => this.#send(), Math.max(1, this.#due - now));
  }

  /** The next in turn that waits for no answer. */
  #idle(): StreamClient | undefined {
    const clients = this.#clients;
    for (let i = 0; i < clients.length; i++) {
      const client = clients[(this.#turn + i) % clients.length]!;
      if (client.busy) continue;
      this.#turn = (client.number + 1) % clients.length;
      return client;
    }
    return undefined;
  }

  async #sendFrom(client: StreamClient): Promise<void> {
    client.busy = true;
    this.#lastSent = performance.now();
    const { number, http } = client;
    const answered = await this.#exchange(http, this.#ends.next(), { client: number, guest: null });
    if (!answered) await new Promise((resolve) => setTimeout(resolve, REST_MILLIS));
    client.busy = false;
    this.#send();
  }

  /** Sends a request and tells of its response; `null`: none came. */
  async #exchange(
    http: Client,
    { request, plan }: Numbered,
    who: Pick<Streamed, 'client' | 'guest'>,
  ): Promise<Streamed | null> {
    const { method, path, headers = {}, body = null, key, operation } = plan;
    const started = performance.now();
    const onItsWay = {};
    this.#onTheWay.set(onItsWay, started);
    try {
      const reset = this.#target!.routing === 'fresh';
      const response = await http.request({ method, path, headers, body, reset });
      const text = await response.body.text();
      const streamed = {
        ...{ request, key, operation, status: response.statusCode },
        ...readAccount(response.headers as Record<string, string | undefined>),
        latencyMicros: (performance.now() - started) * 1_000,
        ...{ ...who, version: versionIn(text) },
      };
      this.#ends.onResponse(streamed);
      return streamed;
    } catch (error) {
      this.lost += 1;
      this.#ends.onLost(error as Error);
      return null;
    } finally {
      this.#onTheWay.delete(onItsWay);
      if (this.#onTheWay.size === 0) for (const done of this.#settling.splice(0)) done();
    }
  }
}

function limits(clients: number): Client.Options {
  const millis = 1_000 * patienceSeconds(clients);
  return { pipelining: 1, connectTimeout: millis, headersTimeout: millis, bodyTimeout: millis };
}

/** Cheaper than to parse each page for one number of it. */
function versionIn(page: string): number | null {
  const found = /"version":(\d+)/.exec(page);
  return found ? Number(found[1]) : null;
}
