import { count } from '../../record/format.ts';
import { currentPosition, followPosition, moveTo } from './position.ts';

/** Positions of the slider; more could not be told apart, and arrow keys would take for ever. */
const MOST_STOPS = 400;
/** How long playing the whole run takes. */
const PLAY_MILLIS = 12_000;

/** Sets the slider, its buttons and its text going. `requests` is the last position. */
export function startScrubber(requests: number): void {
  const slider = document.getElementById('position') as HTMLInputElement | null;
  if (slider === null) return;
  const stops = Math.min(MOST_STOPS, requests);
  slider.max = String(stops);
  const text = document.getElementById('position-text')!;
  const player = createPlayer(requests);
  const go = (target: number) => {
    player.stop();
    moveTo(Math.max(0, Math.min(requests, target)));
  };
  slider.addEventListener('input', () => {
    go(Math.round((Number(slider.value) / stops) * requests));
  });
  onButton('to-start', () => go(0));
  onButton('step-back', () => go(currentPosition() - 1));
  onButton('step-on', () => go(currentPosition() + 1));
  onButton('to-end', () => go(requests));
  onButton('play', () => player.toggle());

  moveTo(requests);
  followPosition((position) => {
    slider.value = String(Math.round((position / requests) * stops));
    const sentence = `after ${count(position)} of ${count(requests)} requests`;
    slider.setAttribute('aria-valuetext', sentence);
    text.textContent = sentence;
  });
}

/** Moves through the run by itself, from the start when it stands at the end. */
function createPlayer(requests: number) {
  const button = document.getElementById('play')!;
  let playing = false;
  const set = (now: boolean) => {
    playing = now;
    button.classList.toggle('playing', playing);
    button.title = playing ? 'Pause' : 'Play';
    button.setAttribute('aria-label', button.title);
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

function onButton(id: string, action: () => void): void {
  document.getElementById(id)!.addEventListener('click', action);
}
