import { count, counted, percent } from '../../../reports/record/format.ts';
import { type Act, USUAL } from './act.ts';

export const act: Act = {
  title: 'A restart',
  setting: 'Four workers whose caches are warm. A new version is to be deployed.',
  question: 'All workers are restarted, one after the other. What becomes of their caches?',
  answers: [
    'They are kept: the server never stopped to answer',
    'They are saved to the disk and read again',
    'Each is empty when its worker comes back',
    'A new worker gets a copy of its neighbour’s',
  ],
  right: 2,
  before: [
    { do: 'set', setting: { ...USUAL, keys: 60, ratePerSecond: 150 } },
    { do: 'play' },
    { do: 'wait', responses: 800 },
  ],
  show: [{ do: 'restart' }, { do: 'wait', seconds: 2 }],
  outcome: ({ errors, hitRateBefore, hitRate, originQueries }) =>
    `${errors === 0 ? 'No request' : counted(errors, 'request')} failed, but the caches were gone: ${percent(hitRateBefore)} hits before, ` +
    `${percent(hitRate)} during the restart, and ${count(originQueries)} queries to the database.`,
};
