import { formatValue } from '../../record/format.ts';
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
    const sentence = `after ${formatValue(position, 'count')} of ${formatValue(requests, 'count')} requests`;
    slider.setAttribute('aria-valuetext', sentence);
    text.textContent = sentence;
  });
}

interface Player {
  toggle(): void;
  stop(): void;
}

/** Moves through the run by itself, from the start when it stands at the end. */
function createPlayer(requests: number): Player {
  const button = document.getElementById('play')!;
  let playing = false;
  const label = () => {
    button.classList.toggle('playing', playing);
    button.setAttribute('aria-label', playing ? 'Pause' : 'Play');
    button.title = playing ? 'Pause' : 'Play';
  };
  const stop = () => {
    playing = false;
    label();
  };
  const toggle = () => {
    if (playing) return stop();
    playing = true;
    label();
    const from = currentPosition() >= requests ? 0 : currentPosition();
    const started = performance.now();
    const frame = (now: number) => {
      if (!playing) return;
      const position = Math.round(from + ((now - started) / PLAY_MILLIS) * requests);
      moveTo(Math.min(position, requests));
      if (position >= requests) stop();
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  };
  return { toggle, stop };
}

function onButton(id: string, action: () => void): void {
  document.getElementById(id)!.addEventListener('click', action);
}
