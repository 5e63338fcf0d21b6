import { type Act, askAll, USUAL } from './act.ts';

export const act: Act = {
  title: 'A rename',
  setting: 'User 7 is in all four caches. Somebody is about to change the name of user 7.',
  question: 'The rename reaches one worker. What do readers see afterwards?',
  answers: [
    'The new name, everywhere',
    'The old name, everywhere',
    'The new name at one worker, the old one at three',
    'An error, until all workers agree',
  ],
  right: 2,
  before: [{ do: 'pause' }, { do: 'set', setting: USUAL }, { do: 'clear' }, ...askAll(7)],
  show: [{ do: 'rename', key: 7 }, ...askAll(7)],
  outcome({ asked }) {
    const newest = Math.max(...asked.map(({ version }) => version ?? 0));
    const old = asked.filter(({ version }) => version !== newest).length;
    return `${old} of ${asked.length} workers still gave the old name. Nobody told them; reload the page and the name changes back and forth.`;
  },
};
