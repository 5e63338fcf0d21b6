import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Act } from '../../scenarios/curriculum/acts/act.ts';
import { loadActs } from '../../scenarios/curriculum/acts.ts';
import { ActPlay } from './act-play.ts';
import { Commands } from './commands.ts';
import { hurried } from './fixtures/hurried.ts';
import { newLive, until } from './fixtures/open-live.ts';

/** The presenter's script on workers in this process, as fast as they answer. */

const acts = await loadActs();

let opened: ReturnType<typeof newLive>;
let commands: Commands;
beforeEach(async () => {
  opened = newLive({ keys: 150 });
  commands = new Commands(opened.live, async () => {});
  await opened.live.start();
});
afterEach(() => opened.close());

const shown = () => opened.live.stage.shown.act!;
const said = () => {
  opened.live.stage.message({ now: performance.now(), seconds: 0, oldest: Infinity });
  const message = opened.live.stage.message({ now: performance.now(), seconds: 0, oldest: 0 });
  return message?.is === 'frame' ? message.said : undefined;
};

const OUTCOMES: Readonly<Record<string, RegExp>> = {
  'One worker, warm': /^Of \d+ requests the database saw 1[1-5]\d, .* [89][\d.]+\s% were hits\.$/,
  'Four workers':
    /^[3-7][\d.]+\s% were hits; one cache would have had [89][\d.]+\s% .* instead of 1[1-5]\d\.$/,
  'User 123': /^Known to workers 1 and 2; not known to workers 3 and 4, /,
  'A restart': /^No request failed, but the caches were gone: \d/,
  'A rename': /^3 of 4 workers still gave the old name\./,
  TIMEOUT: /^4 of 4 workers gave the new name\. .* were hits, in one cache it would have been/,
  Redis: /^[789][\d.]+\s% were hits, where one cache would have had [89]/,
};

describe.each(acts.map((act, index) => [index + 1, act.title, act] as const))(
  'act %i, %s',
  (number, title, act) => {
    test('can be played to its end, and says the right thing about this very fleet', async () => {
      const play = new ActPlay(opened.live, commands, acts.map(hurried));
      await play.go(number);
      expect(shown()).toMatchObject({
        ...{ number, of: acts.length, title, question: act.question, answers: act.answers },
        ...{ step: 'asked', right: null, outcome: null, votes: [0, 0, 0, 0] },
      });
      await play.show();
      expect(shown()).toMatchObject({ step: 'shown', right: act.right });
      expect(shown().outcome).toMatch(OUTCOMES[title]!);
    });
  },
);

test('votes count once, as they were last, while the question is open', async () => {
  const play = new ActPlay(opened.live, commands, acts.map(hurried));
  expect(play.vote(1, 2)).toBe(false);
  await play.go(3);
  for (const [guest, answer] of [
    [1, 2],
    [2, 2],
    [1, 0],
  ] as const)
    expect(play.vote(guest, answer)).toBe(true);
  expect(shown().votes).toEqual([1, 0, 1, 0]);
  expect([play.voteOf(1), play.voteOf(9)]).toEqual([0, null]);
  await play.show();
  expect(play.vote(3, 1)).toBe(false);
  await play.go(4);
  expect(play.voteOf(1)).toBe(null);
});

test('another act ends the one that is shown, and the presenter is not held up by either', async () => {
  const slow: Act = { ...acts[2]!, before: [], show: [{ do: 'wait', seconds: 100 }] };
  const play = new ActPlay(opened.live, commands, [slow, { ...slow, title: 'the next' }]);
  await play.go(1);
  const showing = play.show();
  await until(() => shown().step === 'showing');
  await commands.queue(async () => opened.live.pause());
  await play.go(2);
  await showing;
  expect(shown()).toMatchObject({ title: 'the next', step: 'asked' });
  await play.go(0);
  expect(opened.live.stage.shown.act).toBeNull();
});

test('an act whose stage cannot be set shows nothing, and says so', async () => {
  const impossible: Act = { ...acts[2]!, before: [{ do: 'ask', key: 100_000 }] };
  const play = new ActPlay(opened.live, commands, [impossible]);
  await play.go(1);
  await play.show();
  expect(said()).toMatch(/There is no user 100000.* nothing to show/);
  expect(shown().step).toBe('asked');
});
