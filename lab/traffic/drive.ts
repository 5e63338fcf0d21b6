import { setTimeout as delay } from 'node:timers/promises';
import autocannon from 'autocannon';
import type { Routing } from '../../reports/record/vocabulary.ts';
import type { Ledger, LedgerRow, Operation } from './ledger.ts';
import { readAccount } from './response-headers.ts';
import { patienceSeconds } from './single-request.ts';

/** One request as the workload wants it. */
export interface RequestPlan {
  readonly key: number;
  readonly operation: Operation;
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

/** What is sent where, and how. */
export interface DrivePlan {
  readonly port: number;
  readonly requests: number;
  readonly connections: number;
  /**
   * `keep-alive`: each connection stays open. `fresh`: a new connection for each request. `by-key`:
   * as `keep-alive`, and the balancer at the other end chooses by what is asked for.
   */
  readonly routing: Routing;
  /** Requests per second over all connections; `null`: closed loop, as fast as answers come. */
  readonly ratePerSecond: number | null;
  /** How long a request may take; then it counts as lost. Default: {@link patienceSeconds}. */
  readonly timeoutSeconds?: number | undefined;
  /** When the phase began (`performance.now()`), from which arrivals are counted. Default: now. */
  readonly phaseStarted?: number | undefined;
  /** The number of the first request in the ledger. */
  readonly firstRequest: number;
  /** The next request of the one stream that all connections draw from. */
  next(): RequestPlan;
  /** Sees each response after its row was written. */
  onResponse?(row: LedgerRow, headers: ResponseHeaders, body: string): void;
}

/** A response's headers as the server wrote their names (ours are in small letters). */
export type ResponseHeaders = Readonly<Record<string, string | undefined>>;

/** How it went, beside the rows in the ledger. */
export interface DriveResult {
  /** Requests drawn from the stream and sent. */
  readonly sent: number;
  /** Connection errors and timeouts. */
  readonly errors: number;
  readonly durationMillis: number;
}

/** A run of autocannon ends on a tick of this clock, one second unless told otherwise. */
const SAMPLE_MILLIS = 10;
/** A server that refuses this many times is gone; autocannon would knock for ever. */
const ERROR_LIMIT = 1_000;

/**
 * Sends the traffic by autocannon and writes each response into the ledger. Nothing is lost in
 * silence: `sent` minus the rows written is what did not come back.
 */
export async function drive(
  plan: DrivePlan,
  ledger: Ledger,
  signal: AbortSignal,
): Promise<DriveResult> {
  const send = new Sender(plan, ledger, signal);
  const started = performance.now();
  if (plan.routing === 'fresh') await sendInBursts(plan, send, signal);
  else if (plan.ratePerSecond === null) await send.run(plan.connections, plan.requests);
  else await sendStaggered(plan, plan.ratePerSecond, send, signal);
  signal.throwIfAborted();
  return { sent: send.sent, errors: send.errors, durationMillis: performance.now() - started };
}

/**
 * A fresh connection for each request. autocannon's own ways (`reconnectRate`, `Connection: close`)
 * lose responses; bursts of one request per connection lose none. At a rate, bursts are spaced out.
 */
async function sendInBursts(plan: DrivePlan, send: Sender, signal: AbortSignal): Promise<void> {
  const perBurst = burstSize(plan);
  const started = performance.now();
  const open = new Set<Promise<void>>();
  for (let sent = 0; sent < plan.requests && !signal.aborted; ) {
    const size = Math.min(perBurst, plan.requests - sent);
    if (plan.ratePerSecond !== null) {
      const due = started + (sent / plan.ratePerSecond) * 1_000;
      await delay(Math.max(0, due - performance.now()), undefined, { signal }).catch(() => {});
    }
    const burst = send.run(size, size).finally(() => open.delete(burst));
    open.add(burst);
    sent += size;
    // At a rate, an answer that is late must not hold up the next question.
    while ((open.size + 1) * perBurst > plan.connections && open.size > 0) await Promise.race(open);
  }
  await Promise.all(open);
}

/** At a rate, a burst every 25 ms comes close enough to an even flow. */
function burstSize({ connections, ratePerSecond }: DrivePlan): number {
  if (ratePerSecond === null) return connections;
  return Math.max(1, Math.min(connections, Math.round(ratePerSecond / 40)));
}

/**
 * autocannon allows a connection its requests of a second all at once, when the second begins.
 * One run per connection, begun one after the other, spreads them over the second.
 */
async function sendStaggered(
  plan: DrivePlan,
  ratePerSecond: number,
  send: Sender,
  signal: AbortSignal,
): Promise<void> {
  const { connections } = plan;
  const runs = Array.from({ length: connections }, async (_, index) => {
    await delay((index * 1_000) / connections, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const before = upTo(ratePerSecond, connections, index);
    const rate = upTo(ratePerSecond, connections, index + 1) - before;
    // In proportion to its rate, so that all connections are through after the same seconds.
    const amount =
      upTo(plan.requests, ratePerSecond, before + rate) -
      upTo(plan.requests, ratePerSecond, before);
    if (amount > 0) await send.run(1, amount, rate);
  });
  await Promise.all(runs);
}

/** Of `total` in `parts` equal parts: what the first `count` of them hold, in whole numbers. */
function upTo(total: number, parts: number, count: number): number {
  return Math.floor((total * count) / parts);
}

/** What a request carries from the moment it is sent until its response comes. */
interface Sent extends Partial<RequestPlan> {
  request?: number;
}

/** A response of which autocannon has not told the time yet. */
interface Response {
  readonly sent: Sent;
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: string;
}

/** Runs autocannon on the plan's one stream of requests, and writes the ledger. */
class Sender {
  sent = 0;
  errors = 0;
  readonly #plan: DrivePlan;
  readonly #ledger: Ledger;
  readonly #signal: AbortSignal;
  readonly #started: number;

  constructor(plan: DrivePlan, ledger: Ledger, signal: AbortSignal) {
    this.#started = plan.phaseStarted ?? performance.now();
    this.#plan = plan;
    this.#ledger = ledger;
    this.#signal = signal;
  }

  async run(connections: number, amount: number, ratePerSecond?: number): Promise<void> {
    // `onResponse` and the event 'response' come right after each other for the same response:
    // the first knows the request and the headers, the second the time it took.
    let response: Response | undefined;
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
      requests: [
        {
          setupRequest: (request, context) => {
            const planned = this.#plan.next();
            Object.assign(context, planned, { request: this.#plan.firstRequest + this.sent });
            this.sent += 1;
            request.method = planned.method;
            request.path = planned.path;
            if (planned.headers) request.headers = { ...planned.headers };
            if (planned.body !== undefined) request.body = planned.body;
            return request;
          },
          onResponse: (status, body, context, headers) => {
            response = { sent: context as Sent, status, headers: headers as ResponseHeaders, body };
          },
        },
      ],
    }) as unknown as autocannon.Instance & PromiseLike<autocannon.Result>;
    let answered = 0;
    instance.on('response', (_client, _status, _bytes, millis) => {
      if (response) this.#write(response, millis);
      response = undefined;
      // At a rate, autocannon would wait for the next second before it sees that it is through.
      answered += 1;
      if (answered === amount) instance.stop();
    });
    const stop = () => instance.stop();
    this.#signal.addEventListener('abort', stop, { once: true });
    if (this.#signal.aborted) stop();
    const result = await instance;
    this.#signal.removeEventListener('abort', stop);
    this.errors += result.errors;
  }

  #write({ sent, status, headers, body }: Response, millis: number): void {
    const row: LedgerRow = {
      request: sent.request!,
      key: sent.key!,
      operation: sent.operation!,
      status,
      ...readAccount(headers),
      latencyMicros: millis * 1_000,
      arrivedMillis: performance.now() - this.#started,
    };
    this.#ledger.append(row);
    this.#plan.onResponse?.(row, headers, body);
  }
}
