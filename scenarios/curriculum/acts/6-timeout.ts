import { percent } from '../../../reports/record/format.ts';
import { type Act, askAll, USUAL } from './act.ts';

const SECONDS = 5;

export const act: Act = {
  title: 'TIMEOUT',
  setting: `Entries now live for ${SECONDS} seconds, at each of the four workers. User 7 is about to be renamed again.`,
  question: `What has changed ${SECONDS} seconds after the rename?`,
  answers: [
    'Nothing: old names stay until a restart',
    'All have the new name, and the database has more to do',
    'All have the new name, and it cost nothing',
    'The users that were renamed are gone',
  ],
  right: 1,
  before: [
    { do: 'set', setting: { ...USUAL, timeoutSeconds: SECONDS } },
    { do: 'play' },
    ...askAll(7),
  ],
  show: [{ do: 'rename', key: 7 }, { do: 'wait', seconds: SECONDS + 1 }, ...askAll(7)],
  outcome({ asked, hitRate, oneCacheHitRate }) {
    const newest = Math.max(...asked.map(({ version }) => version ?? 0));
    const told = asked.filter(({ version }) => version === newest).length;
    return (
      `${told} of ${asked.length} workers gave the new name. The price: every entry is loaded anew, at every worker; ` +
      `${percent(hitRate)} were hits, in one cache it would have been ${percent(oneCacheHitRate)}.`
    );
  },
};
