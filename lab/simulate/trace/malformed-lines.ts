/** Lines of which the same is wrong. */
interface Malformed {
  readonly reason: string;
  count: number;
  /** From 1. */
  readonly firstLine: number;
}

/** Lines that could not be read, by what is wrong with them. */
export class MalformedLines extends Map<string, Malformed> {
  add(reason: string, line: number): void {
    const known = this.get(reason);
    if (known) known.count++;
    else this.set(reason, { reason, count: 1, firstLine: line });
  }
}
