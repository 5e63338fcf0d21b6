/** Columns that a batch has where they were asked for and the trace tells them. */
export const EXTRA_COLUMNS = ['client', 'write', 'size'] as const;
export type ExtraColumn = (typeof EXTRA_COLUMNS)[number];

/** Requests in the order of the trace; columns of equal length. */
export interface TraceBatch {
  /** Numbers in the order of appearance. */
  readonly keys: Uint32Array;
  /** From the first request. Never goes back. */
  readonly seconds: Float64Array;
  /** Who asked, numbered in the order of appearance. */
  readonly client?: Uint32Array;
  /** 1 where the request changes what the key stands for (PUT, PATCH, DELETE) and reads nothing. */
  readonly write?: Uint8Array;
  /** Bytes of the response; NaN where the line does not tell. */
  readonly size?: Float64Array;
}

/** Gathers requests until they are handed on. */
export class BatchBuilder {
  readonly #extra: ReadonlySet<ExtraColumn>;
  #keys: number[] = [];
  #seconds: number[] = [];
  #client: number[] = [];
  #write: number[] = [];
  #size: number[] = [];
  readonly #clients = new Map<string, number>();

  constructor(extra: ReadonlySet<ExtraColumn>) {
    this.#extra = extra;
  }

  get length(): number {
    return this.#keys.length;
  }

  add(key: number, seconds: number): void {
    this.#keys.push(key);
    this.#seconds.push(seconds);
  }

  /** What else is known of the request added last. */
  addExtra({ client, write, size }: { client: string; write: boolean; size: number }): void {
    if (this.#extra.has('client')) this.#client.push(this.#numberOf(client));
    if (this.#extra.has('write')) this.#write.push(write ? 1 : 0);
    if (this.#extra.has('size')) this.#size.push(size);
  }

  #numberOf(client: string): number {
    const known = this.#clients.get(client);
    if (known !== undefined) return known;
    this.#clients.set(client, this.#clients.size);
    return this.#clients.size - 1;
  }

  /** Sets the time of all requests from this one on. */
  setSeconds(from: number, seconds: number): void {
    this.#seconds.fill(seconds, from);
  }

  /** The first requests; the others stay. */
  take(requests: number): TraceBatch {
    const take = (column: number[]) => column.splice(0, requests);
    const extra = this.#extra;
    return {
      keys: new Uint32Array(take(this.#keys)),
      seconds: new Float64Array(take(this.#seconds)),
      ...(extra.has('client') && { client: new Uint32Array(take(this.#client)) }),
      ...(extra.has('write') && { write: new Uint8Array(take(this.#write)) }),
      ...(extra.has('size') && { size: new Float64Array(take(this.#size)) }),
    };
  }
}
