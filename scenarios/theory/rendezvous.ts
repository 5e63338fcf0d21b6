/**
 * Which of the workers a key belongs to: the one with the highest score for it (rendezvous hashing;
 * Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998). When a worker
 * goes, its keys are divided among the others and no other key moves; when it is back, so are they.
 */
export function ownerOf(key: string, slots: readonly number[]): number {
  let owner: number | undefined;
  let highest = -1;
  for (const slot of slots) {
    const score = hash(`${slot} ${key}`);
    if (score > highest) {
      highest = score;
      owner = slot;
    }
  }
  if (owner === undefined) throw new RangeError('there is no worker that a key could belong to');
  return owner;
}

/** FNV-1a with the final mixing of MurmurHash3: similar texts get scores far apart. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
