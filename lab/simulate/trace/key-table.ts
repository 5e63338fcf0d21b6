/**
 * Gives each different key a small whole number, in the order of appearance. Keys are bytes and
 * are told apart by a 64-bit hash of them, so a key costs some 25 bytes however long it is, and text
 * that is no valid UTF-8 is as good as any. Two of ten million keys fall together with a
 * probability of 3 in a million.
 */
export class KeyTable {
  /** How many different keys there are. */
  size = 0;
  /** Of the key hashed last. Both halves are uniform and independent. */
  hash = 0;
  secondHash = 0;
  #hashes = new Uint32Array(1024);
  #secondHashes = new Uint32Array(1024);
  /** Number of a key + 1; 0: free. Half empty at least. */
  #places = new Uint32Array(2048);

  /** Hashes a key; {@link number} then finds it. */
  hashBytes(bytes: Uint8Array, start: number, end: number): void {
    let a = 0x811c9dc5;
    let b = 0x9e3779b9 ^ (end - start);
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!;
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul((b << 13) | (b >>> 19), 0x85ebca6b) ^ byte;
    }
    this.hash = mixed(a ^ (b >>> 16));
    this.secondHash = mixed(b ^ Math.imul(a, 0xc2b2ae35));
  }

  /** The number of the key hashed last; a new key gets the next one. */
  number(): number {
    const mask = this.#places.length - 1;
    let place = this.secondHash & mask;
    for (;;) {
      const known = this.#places[place]!;
      if (known === 0) return this.#add(place);
      if (
        this.#hashes[known - 1] === this.hash &&
        this.#secondHashes[known - 1] === this.secondHash
      ) {
        return known - 1;
      }
      place = (place + 1) & mask;
    }
  }

  /** A uniform 32-bit number that belongs to the key. */
  hashOf(key: number): number {
    return this.#secondHashes[key]!;
  }

  #add(place: number): number {
    const key = this.size++;
    if (key === this.#hashes.length) {
      this.#hashes = doubled(this.#hashes);
      this.#secondHashes = doubled(this.#secondHashes);
    }
    this.#hashes[key] = this.hash;
    this.#secondHashes[key] = this.secondHash;
    this.#places[place] = key + 1;
    if (2 * this.size > this.#places.length) this.#rehash();
    return key;
  }

  #rehash(): void {
    const places = new Uint32Array(this.#places.length * 2);
    const mask = places.length - 1;
    for (let key = 0; key < this.size; key++) {
      let place = this.#secondHashes[key]! & mask;
      while (places[place] !== 0) place = (place + 1) & mask;
      places[place] = key + 1;
    }
    this.#places = places;
  }
}

/** The finishing steps of MurmurHash3: every bit of the input changes half of the output's. */
function mixed(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function doubled(column: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(column.length * 2);
  larger.set(column);
  return larger;
}
