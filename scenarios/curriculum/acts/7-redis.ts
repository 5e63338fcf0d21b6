import { count, percent } from '../../../reports/record/format.ts';
import { type Act, USUAL } from './act.ts';

export const act: Act = {
  title: 'Redis',
  setting: 'The same four workers; but their entries are kept in Redis, which all of them share.',
  question: 'After as many requests as in act 2: how many are hits?',
  answers: [
    'As many as with four caches: there are still four workers',
    'As many as with one cache: it is one cache',
    'Fewer: Redis is on the other side of a socket',
    'All of them: Redis knows the database',
  ],
  right: 1,
  before: [
    { do: 'pause' },
    { do: 'set', setting: { ...USUAL, backend: 'redis' } },

    { do: 'clear' },
  ],
  show: [{ do: 'play' }, { do: 'wait', responses: 700 }],
  outcome: ({ hitRate, oneCacheHitRate, originQueries, oneCacheOriginQueries }) =>
    `${percent(hitRate)} were hits, where one cache would have had ${percent(oneCacheHitRate)}. ` +
    `The database was asked ${count(originQueries)} times (one cache: ${count(oneCacheOriginQueries)}).`,
};
