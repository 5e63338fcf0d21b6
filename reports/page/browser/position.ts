/**
 * Where in the run the reader stands: after how many requests. The scrubber sets it; whatever shows
 * the run follows.
 */
const followers: ((position: number) => void)[] = [];
let position = 0;
let scheduled = false;

/** After how many requests the reader stands. */
export function currentPosition(): number {
  return position;
}

/** Calls at once, and then after each move, at most once per drawn frame. */
export function followPosition(follower: (position: number) => void): void {
  followers.push(follower);
  follower(position);
}

/** Goes to a position; followers hear of it with the next drawn frame. */
export function moveTo(wanted: number): void {
  position = wanted;
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    tellFollowers();
  });
}

/** Has all followers show the position now, for what cannot wait for a frame. */
export function tellFollowers(): void {
  for (const follower of followers) follower(position);
}
