import autocannon from 'autocannon';
import type { DrivePlan, RequestPlan, ResponseHeaders } from './drive-plan.ts';
import type { Ledger, LedgerRow } from './ledger.ts';
import { readAccount } from './response-headers.ts';
import { patienceSeconds } from './single-request.ts';

/** A run of autocannon ends on a tick of this clock, one second unless told otherwise. */
const SAMPLE_MILLIS = 10;
/** A server that refuses this many times is gone; autocannon would knock for ever. */
const ERROR_LIMIT = 1_000;
/** More than any run has of different requests that are sent again and again. */
const MOST_BUILT = 10_000;

/** Runs autocannon on the plan's one stream of requests, and writes the ledger. */
export class Sender {
  sent = 0;
  errors = 0;
  readonly #plan: DrivePlan;
  readonly #ledger: Ledger;
  readonly #signal: AbortSignal;
  readonly #started: number;
  /** Requests of method and path alone, as they go over the wire. */
  readonly #built = new Map<string, Buffer>();

  constructor(plan: DrivePlan, ledger: Ledger, signal: AbortSignal) {
    this.#started = plan.phaseStarted ?? performance.now();
    this.#plan = plan;
    this.#ledger = ledger;
    this.#signal = signal;
  }

  async run(connections: number, amount: number, ratePerSecond?: number): Promise<void> {
    let answered = 0;
    const onAnswer = () => {
      // At a rate, autocannon would wait for the next second before it sees that it is through.
      answered += 1;
      if (answered === amount) instance.stop();
    };
    const instance = autocannon({
      url: `http://127.0.0.1:${this.#plan.port}`,
      connections,
      amount,
      sampleInt: SAMPLE_MILLIS,
      bailout: ERROR_LIMIT,
      timeout: this.#plan.timeoutSeconds ?? patienceSeconds(this.#plan.connections),
      ...(ratePerSecond !== undefined && {
        connectionRate: ratePerSecond,
        // Its correction assumes an interval of 1 ms; the ledger holds what was really measured.
        ignoreCoordinatedOmission: true,
      }),
      setupClient: (client) => this.#serve(client as unknown as Connection, onAnswer),
    }) as unknown as autocannon.Instance & PromiseLike<autocannon.Result>;
    const stop = () => instance.stop();
    this.#signal.addEventListener('abort', stop, { once: true });
    if (this.#signal.aborted) stop();
    const result = await instance;
    this.#signal.removeEventListener('abort', stop);
    this.errors += result.errors;
  }

  /** Has a connection draw from the one stream, and writes down what is answered. */
  #serve(connection: Connection, onAnswer: () => void): void {
    const { requestBuilder } = connection.requestIterator;
    const draw = () => this.#draw(requestBuilder);
    let response: Response | undefined;
    connection.requestIterator = {
      currentRequest: draw(),
      nextRequest() {
        this.currentRequest = draw();
      },
      recordBody(sent, status, body, headers) {
        response = { sent, status, body, headers: named(headers) };
      },
    };
    connection.on('response', (_status, _bytes, millis) => {
      if (response) this.#write(response, millis);
      response = undefined;
      onAnswer();
    });
  }

  #draw(build: RequestBuilder): Sent {
    const plan = this.#plan.next();
    const request = this.#plan.firstRequest + this.sent;
    this.sent += 1;
    return { plan, request, requestBuffer: this.#bytesOf(plan, build) };
  }

  #bytesOf({ method, path, headers, body }: RequestPlan, build: RequestBuilder): Buffer {
    if (headers || body !== undefined) return build({ method, path, headers, body });
    const line = `${method} ${path}`;
    let bytes = this.#built.get(line);
    if (bytes) return bytes;
    bytes = build({ method, path });
    if (this.#built.size < MOST_BUILT) this.#built.set(line, bytes);
    return bytes;
  }

  #write({ sent, status, headers, body }: Response, millis: number): void {
    const row: LedgerRow = {
      request: sent.request,
      key: sent.plan.key,
      operation: sent.plan.operation,
      status,
      ...readAccount(headers),
      latencyMicros: millis * 1_000,
      arrivedMillis: performance.now() - this.#started,
    };
    this.#ledger.append(row);
    this.#plan.onResponse?.(row, headers, body);
  }
}

/** A request from the moment it is drawn until its response comes. */
interface Sent {
  readonly plan: RequestPlan;
  /** Its number in the ledger. */
  readonly request: number;
  /** What autocannon writes. */
  readonly requestBuffer: Buffer;
}

/** A response of which autocannon has not told the time yet. */
interface Response {
  readonly sent: Sent;
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: string;
}

type RequestBuilder = (
  request: Partial<Pick<RequestPlan, 'method' | 'path' | 'headers' | 'body'>>,
) => Buffer;

/**
 * Where a connection of autocannon gets its requests. Its own iterator copies and builds each request
 * anew, and the names of each response's headers: half as much work again as to send and to read them.
 */
interface RequestIterator {
  currentRequest: Sent;
  nextRequest(): void;
  /** Told of each response, right before the connection emits it with the time it took. */
  recordBody(sent: Sent, status: number, body: string, headers: readonly string[]): void;
}

/** What autocannon's types leave out of its client for one connection. */
interface Connection {
  get requestIterator(): { readonly requestBuilder: RequestBuilder };
  set requestIterator(iterator: RequestIterator);
  on(event: 'response', listener: (status: number, bytes: number, millis: number) => void): void;
}

/** A response's headers by their names in lower case, which come as names and values in turn; of one that is repeated, all values. */
function named(list: readonly string[]): ResponseHeaders {
  const headers: Record<string, string> = {};
  for (let i = 0; i < list.length; i += 2) {
    const [name, value] = [list[i]!.toLowerCase(), list[i + 1]!];
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}
