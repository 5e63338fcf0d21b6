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

  nameOf(madeKey: string): string {
    if (!madeKey.startsWith(this.head)) return `\0${madeKey}`;
    const rest = madeKey.slice(this.head.length);
    return isPlainName(rest) ? rest : `\0${madeKey}`;
  }

  keyOf(name: string): string {
    return isPlainName(name) ? this.head + name : name.slice(1);
  }
}

/** Is this text a name that stands for head and text, and not for a whole key after a NUL? */
export function isPlainName(text: string): boolean {
  return text.charCodeAt(0) !== 0;
}
