import { type Act, type Asked, askAll, USUAL } from './act.ts';

export const act: Act = {
  title: 'User 123',
  setting:
    'Four workers with empty caches. User 123 was asked for at worker 1, and then at worker 2.',
  question: 'Who knows user 123 now?',
  answers: ['All four workers', 'Workers 1 and 2', 'Worker 2 alone: it was the last', 'Nobody'],
  right: 1,
  before: [
    { do: 'pause' },
    { do: 'set', setting: USUAL },
    { do: 'clear' },
    { do: 'ask', key: 123, slot: 1 },
    { do: 'ask', key: 123, slot: 2 },
  ],
  show: askAll(123),
  outcome: ({ asked }) =>
    `Known to ${slotsOf(asked, true)}; not known to ${slotsOf(asked, false)}, which had to ask the database.`,
};

function slotsOf(asked: readonly Asked[], known: boolean): string {
  const slots = asked.flatMap(({ slot, outcome }) => ((outcome === 'hit') === known ? [slot] : []));
  return slots.length === 0 ? 'nobody' : `workers ${slots.join(' and ')}`;
}
