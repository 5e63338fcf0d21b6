import { count, percent } from '../../../reports/record/format.ts';
import { type Act, USUAL } from './act.ts';

export const act: Act = {
  title: 'Four workers',
  setting:
    'The same server, the same users, the same requests; but four workers to share the work.',
  question: 'After as many requests as before: how many are hits?',
  answers: [
    'As many: it is the same server',
    'More: four caches hold more than one',
    'Fewer: each worker has to load each user for itself',
    'None: the workers disturb each other',
  ],
  right: 2,
  before: [{ do: 'pause' }, { do: 'set', setting: USUAL }, { do: 'clear' }],
  show: [{ do: 'play' }, { do: 'wait', responses: 700 }],
  outcome: ({ hitRate, oneCacheHitRate, originQueries, oneCacheOriginQueries }) =>
    `${percent(hitRate)} were hits; one cache would have had ${percent(oneCacheHitRate)} on these very requests. ` +
    `The database was asked ${count(originQueries)} times instead of ${count(oneCacheOriginQueries)}.`,
};
