/**
 * Gives each different key a small whole number, in the order of appearance. Keys are bytes and
 * are told apart by a 64-bit hash of them, so a key costs some 20 bytes however long it is, and text
 * that is no valid UTF-8 is as good as any. Two of ten million keys fall together with a
 * probability of 3 in a million.
 */
export class KeyTable {
  /** How many different keys there are. */
  size = 0;
  /** Of the key hashed last. Both halves are uniform and independent. */
  hash = 0;
  secondHash = 0;
  #secondHashes = new Uint32Array(1024);
  /** Pairs of a key's first hash and its number + 1; 0: free. A quarter at least are free. */
  #places = new Uint32Array(4096);
  #bytes: Uint8Array = new Uint8Array(0);
  #words = new DataView(this.#bytes.buffer);

  /**
   * Hashes a key; {@link number} then finds it. One half as MurmurHash3 mixes words (Appleby), the
   * other as xxHash32 does (Collet).
   */
  hashBytes(bytes: Uint8Array, start: number, end: number): void {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    const words = this.#words;
    let a = end - start;
    let b = 0x165667b1 ^ (end - start);
    let at = start;
    for (; at + 4 <= end; at += 4) {
      const word = words.getInt32(at, true);
      a = murmurRound(a, word);
      b = xxRound(b, word);
    }
    if (at < end) {
      let word = 0;
      for (; at < end; at++) word = (word << 8) | bytes[at]!;
      a = murmurRound(a, word);
      b = xxRound(b, word);
    }
    this.hash = mixed(a);
    this.secondHash = mixed(b);
  }

  /** The number of the key hashed last; a new key gets the next one. */
  number(): number {
    const places = this.#places;
    const mask = places.length - 2;
    for (let place = (2 * this.secondHash) & mask; ; place = (place + 2) & mask) {
      const known = places[place + 1]!;
      if (known === 0) return this.#add(place);
      if (places[place] === this.hash && this.#secondHashes[known - 1] === this.secondHash) {
        return known - 1;
      }
    }
  }

  /** A uniform 32-bit number that belongs to the key. */
  hashOf(key: number): number {
    return this.#secondHashes[key]!;
  }

  #add(place: number): number {
    const key = this.size++;
    if (key === this.#secondHashes.length) {
      const larger = new Uint32Array(2 * key);
      larger.set(this.#secondHashes);
      this.#secondHashes = larger;
    }
    this.#secondHashes[key] = this.secondHash;
    this.#places[place] = this.hash;
    this.#places[place + 1] = key + 1;
    if (8 * this.size > 3 * this.#places.length) this.#rehash();
    return key;
  }

  #rehash(): void {
    const old = this.#places;
    const places = new Uint32Array(2 * old.length);
    const mask = places.length - 2;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from + 1] === 0) continue;
      let place = (2 * this.#secondHashes[old[from + 1]! - 1]!) & mask;
      while (places[place + 1] !== 0) place = (place + 2) & mask;
      places[place] = old[from]!;
      places[place + 1] = old[from + 1]!;
    }
    this.#places = places;
  }
}

function murmurRound(hash: number, word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  const h = hash ^ Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function xxRound(hash: number, word: number): number {
  const h = (hash + Math.imul(word, 0xc2b2ae3d)) | 0;
  return Math.imul((h << 17) | (h >>> 15), 0x27d4eb2f);
}

/** The finishing steps of MurmurHash3: every bit of the input changes half of the output's. */
function mixed(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
