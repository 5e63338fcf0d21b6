import { count, percent } from '../../../reports/record/format.ts';
import { type Act, USUAL } from './act.ts';

export const act: Act = {
  title: 'One worker, warm',
  setting: 'One worker, one cache, and it is empty. 150 users, some of them far more popular.',
  question: 'Requests begin to come. What becomes of the hit rate?',
  answers: [
    'It stays near zero: every request asks the database',
    'It settles at one half',
    'It climbs: each user has to be loaded once, then is known',
    'It is high at once: the cache was filled at the start',
  ],
  right: 2,
  before: [{ do: 'pause' }, { do: 'set', setting: { ...USUAL, workers: 1 } }, { do: 'clear' }],
  show: [{ do: 'play' }, { do: 'wait', responses: 700 }],
  outcome: ({ responses, originQueries, hitRate }) =>
    `Of ${count(responses)} requests the database saw ${count(originQueries)}, about one for each user that was asked for; ${percent(hitRate)} were hits.`,
};
