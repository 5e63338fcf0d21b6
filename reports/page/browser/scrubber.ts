import { count } from '../../record/format.ts';
import { currentPosition, followPosition, moveTo, tellFollowers } from './position.ts';

/** Positions of the slider; more could not be told apart, and arrow keys would take for ever. */
const MOST_STOPS = 400;
/** How long playing the whole run takes. */
const PLAY_MILLIS = 8_000;

/** Where a page opens, as a share of the run: some entries are there, most are not. */
const OPENS_AT = 0.02;

/**
 * Sets the sliders, their buttons and texts going; all show the same position. `requests` is the
 * last one. The page opens near the start and plays once, unless motion is unwanted.
 */
export function startScrubbers(requests: number): void {
  const places = [...document.querySelectorAll<HTMLElement>('.scrubber')];
  if (places.length === 0) return;
  const player = createPlayer(requests);
  moveTo(Math.round(requests * OPENS_AT));
  for (const place of places) startScrubber(place, requests, player);
  // Paper does not play.
  addEventListener('beforeprint', () => {
    player.stop();
    moveTo(requests);
    tellFollowers();
  });
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) playOnceSeen(places[0]!, player);
}

function startScrubber(place: HTMLElement, requests: number, player: Player): void {
  const slider = place.querySelector('input')!;
  const stops = Math.min(MOST_STOPS, requests);
  slider.max = String(stops);
  const text = place.querySelector('output')!;
  const go = (target: number) => {
    player.stop();
    moveTo(Math.max(0, Math.min(requests, target)));
  };
  slider.addEventListener('input', () => {
    go(Math.round((Number(slider.value) / stops) * requests));
  });
  const acts: Record<string, () => void> = {
    'to-start': () => go(0),
    'step-back': () => go(currentPosition() - 1),
    'step-on': () => go(currentPosition() + 1),
    'to-end': () => go(requests),
    play: player.toggle,
  };
  for (const button of place.querySelectorAll('button')) {
    button.addEventListener('click', acts[button.dataset.act!]!);
  }
  followPosition((position) => {
    slider.value = String(Math.round((position / requests) * stops));
    const sentence = `after ${count(position)} of ${count(requests)} requests`;
    slider.setAttribute('aria-valuetext', sentence);
    text.textContent = sentence;
  });
}

interface Player {
  readonly toggle: () => void;
  readonly stop: () => void;
}

/** Moves through the run by itself, from the start when it stands at the end. */
function createPlayer(requests: number): Player {
  const buttons = document.querySelectorAll<HTMLElement>('[data-act="play"]');
  let playing = false;
  const set = (now: boolean) => {
    playing = now;
    for (const button of buttons) {
      button.classList.toggle('playing', playing);
      button.title = playing ? 'Pause' : 'Play';
      button.setAttribute('aria-label', button.title);
    }
  };
  const toggle = () => {
    set(!playing);
    if (!playing) return;
    const from = currentPosition() >= requests ? 0 : currentPosition();
    const started = performance.now();
    const frame = (now: number) => {
      if (!playing) return;
      const position = Math.round(from + ((now - started) / PLAY_MILLIS) * requests);
      moveTo(Math.min(position, requests));
      if (position >= requests) set(false);
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  };
  return { toggle, stop: () => set(false) };
}

/** Waits for the place to be in sight: in a lesson it opens with the answer. */
function playOnceSeen(place: HTMLElement, player: Player): void {
  const seen = new IntersectionObserver(([entry]) => {
    if (!entry!.isIntersecting) return;
    seen.disconnect();
    player.toggle();
  });
  seen.observe(place);
  // Whoever takes the slider first wants to go elsewhere.
  place.addEventListener('pointerdown', () => seen.disconnect());
}
