import { CacheServiceError } from '../errors.ts';

/** How to reach one kind of service, and how to tell that it is gone. */
export interface Connector<Client> {
  /** The service's name, for messages. */
  readonly name: string;
  /**
   * A new client, which need not be connected yet. `ready` settles once the service has answered;
   * `lost` is called whenever the connection breaks.
   */
  open(lost: (reason: Error) => void): { client: Client; ready: Promise<unknown> };
  /** Breaks the connection. Called once for every client. */
  close(client: Client): void;
  /** How long one call may take. */
  readonly timeoutSeconds: number;
  /** Called each time a connection stands, the first included. */
  readonly onConnected?: (() => void) | undefined;
}

/** Calls under way at once; more mean that the service cannot keep up, and would pile up. */
const MOST_CALLS = 1_000;
const FIRST_RETRY_MILLIS = 20;
const LONGEST_RETRY_MILLIS = 500;
/**
 * Nobody waits for a connection that is to follow a lost one, and a process that meanwhile reads
 * every page from its database may take long to get round to the answer.
 */
const RETRY_SECONDS = 10;

/** One call under way, so that it can be given up. */
type Abandon = (reason: CacheServiceError) => void;

/**
 * A process's connection to a service that may fail. Calls share one connection, one behind the
 * other without waiting. A call that is not answered in time says that the service is in trouble:
 * the connection is dropped with everything on it, and until a new one has proved itself, calls
 * fail at once. So an outage costs each caller one timeout at most, nothing piles up, and when the
 * service is back, so is the cache.
 */
export class ServiceLink<Client> {
  readonly #connector: Connector<Client>;
  readonly #underWay = new Set<Abandon>();
  readonly #firstAttempt: Promise<void>;
  #client: Client | null = null;
  #trouble: CacheServiceError | null = null;
  #attempting: Client | null = null;
  #waiting = 0;
  #wasLost = false;
  #closed = false;
  #retry: NodeJS.Timeout | undefined;

  /** Begins to connect at once. */
  constructor(connector: Connector<Client>) {
    this.#connector = connector;
    this.#firstAttempt = this.#connect(FIRST_RETRY_MILLIS, connector.timeoutSeconds);
  }

  /** Runs `use` on the connection. Rejects with a {@link CacheServiceError}. */
  async call<T>(use: (client: Client) => Promise<T>): Promise<T> {
    if (this.#underWay.size + this.#waiting >= MOST_CALLS) {
      throw this.#error(`has ${MOST_CALLS} calls to answer already`);
    }
    if (!this.#client && !this.#trouble) {
      // Nobody knows yet whether the service is there; that is settled within one timeout.
      this.#waiting += 1;
      await this.#firstAttempt.finally(() => {
        this.#waiting -= 1;
      });
    }
    if (!this.#client) throw this.#trouble ?? this.#error('is closed');
    return this.#within(this.#client, use);
  }

  /** Ends the connection; calls fail from now on. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    if (this.#attempting) this.#connector.close(this.#attempting);
    this.#attempting = null;
    if (this.#client) this.#drop(this.#client, this.#error('is closed'));
  }

  #within<T>(client: Client, use: (client: Client) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const abandon: Abandon = (reason) => settle(() => reject(reason));
      const deadline = setTimeout(() => {
        // After a stall of this process the answer may be here already, unread: read first.
        setImmediate(() => {
          if (this.#underWay.has(abandon)) this.#lose(client, this.#tooLate());
        });
      }, this.#connector.timeoutSeconds * 1_000);
      const settle = (how: () => void) => {
        if (!this.#underWay.delete(abandon)) return;
        clearTimeout(deadline);
        how();
      };
      this.#underWay.add(abandon);
      use(client).then(
        (value) => settle(() => resolve(value)),
        (cause: Error) => settle(() => reject(this.#error(`answered: ${cause.message}`, cause))),
      );
    });
  }

  /** The connection is no good any more: gives up what is under way, and looks for a new one. */
  #lose(client: Client, reason: CacheServiceError): void {
    if (this.#client !== client) return;
    this.#drop(client, reason);
    this.#wasLost = true;
    warn(`${reason.message} Pages come from the origin until it is back.`);
    this.#retryIn(FIRST_RETRY_MILLIS);
  }

  #drop(client: Client, reason: CacheServiceError): void {
    this.#client = null;
    this.#trouble = reason;
    for (const abandon of [...this.#underWay]) abandon(reason);
    this.#connector.close(client);
  }

  #retryIn(millis: number): void {
    if (this.#closed) return;
    this.#retry = setTimeout(() => void this.#connect(millis * 2, RETRY_SECONDS), millis).unref();
  }

  /** One attempt; never rejects. A failed one is followed by another, later each time. */
  async #connect(nextRetryMillis: number, seconds: number): Promise<void> {
    const broken = Promise.withResolvers<never>();
    broken.promise.catch(() => {});
    const { client, ready } = this.#connector.open((reason) => {
      broken.reject(reason);
      this.#lose(client, this.#error(`is gone (${reason.message})`, reason));
    });
    this.#attempting = client;
    try {
      await Promise.race([ready, broken.promise, this.#deadline(seconds)]);
      if (this.#closed) return;
      this.#attempting = null;
      this.#client = client;
      this.#trouble = null;
      if (this.#wasLost) warn(`${this.#connector.name} is back.`);
      this.#wasLost = false;
      this.#connector.onConnected?.();
    } catch (cause) {
      if (this.#closed) return;
      this.#attempting = null;
      this.#connector.close(client);
      this.#trouble ??= this.#error(`cannot be reached (${(cause as Error).message})`, cause);
      this.#retryIn(Math.min(nextRetryMillis, LONGEST_RETRY_MILLIS));
    }
  }

  #deadline(seconds: number): Promise<never> {
    return new Promise((_, reject) => {
      setTimeout(() => reject(this.#tooLate(seconds)), seconds * 1_000).unref();
    });
  }

  #tooLate(seconds = this.#connector.timeoutSeconds): CacheServiceError {
    return this.#error(`did not answer within ${seconds} s`);
  }

  #error(what: string, cause?: unknown): CacheServiceError {
    return new CacheServiceError(`${this.#connector.name} ${what}.`, { cause });
  }
}

/** Said when the service goes and when it comes back, never per call. */
function warn(message: string): void {
  process.emitWarning(message, { type: 'CacheServiceWarning', code: 'CACHE_SERVICE' });
}
