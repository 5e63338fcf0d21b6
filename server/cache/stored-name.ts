/**
 * The names under which a store files made keys. Nearly all keys of a store begin alike (`:1:` by
 * default); that beginning, the head, is left away, so that a lookup by `user:7` builds no text.
 * Every made key has exactly one name, so keys that are the same text stay one entry however they
 * were made. The few keys that begin otherwise, or go on with a NUL, are filed whole after a NUL.
 */
export class StoredNames {
  readonly head: string;

  constructor(head: string) {
    this.head = head;
  }

  /** The name of the made key `head + key`, if it is simply `key`. */
  isPlain(key: string): boolean {
    return key.charCodeAt(0) !== 0;
  }

  nameOf(madeKey: string): string {
    if (!madeKey.startsWith(this.head)) return `\0${madeKey}`;
    const rest = madeKey.slice(this.head.length);
    return this.isPlain(rest) ? rest : `\0${madeKey}`;
  }

  keyOf(name: string): string {
    return this.isPlain(name) ? this.head + name : name.slice(1);
  }
}
