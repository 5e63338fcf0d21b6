/** One stretch of a workshop: a lesson, a page of the course, or something else. */
export interface Stretch {
  readonly minutes: number;
  /** The scenario, where it is a lesson. */
  readonly lesson?: string;
  /** The page, where it is one. */
  readonly page?: string;
  readonly what: string;
}

export interface Workshop {
  readonly name: string;
  readonly minutes: number;
  readonly about: string;
  readonly stretches: readonly Stretch[];
}

/** Plans that have a room of thirty in mind, with a projector. */
export const WORKSHOPS: readonly Workshop[] = [
  {
    name: '90 minutes',
    minutes: 90,
    about:
      'What everybody should have seen once. People predict, you run it and show the report; the exercises are for home.',
    stretches: [
      { minutes: 5, what: 'Who has a cache in production? Where does it live? A show of hands.' },
      {
        minutes: 15,
        lesson: 'user-123',
        what: 'One user, four workers: the whole matter in twelve requests.',
      },
      {
        minutes: 25,
        lesson: 'hit-rate',
        what: 'Predict, run, move the slider. Close with the last paragraph: what it does not show.',
      },
      { minutes: 15, lesson: 'stale-reads', what: 'The same page with two prices.' },
      { minutes: 10, lesson: 'restart', what: 'What a deployment does to the database.' },
      {
        minutes: 10,
        page: 'comparison.html',
        what: 'What a shared cache gives, and what it costs.',
      },
      {
        minutes: 10,
        page: 'closing.html',
        what: 'Four questions; each answers them for a system of their own.',
      },
    ],
  },
  {
    name: 'Half a day',
    minutes: 210,
    about:
      'Three and a half hours with two breaks. People run the lessons themselves, in pairs, and do one exercise of each.',
    stretches: [
      { minutes: 10, page: 'index.html', what: 'Set-up check on every machine.' },
      { minutes: 15, lesson: 'first-request', what: 'What a cache is for.' },
      { minutes: 15, lesson: 'user-123', what: 'One user, four workers.' },
      { minutes: 30, lesson: 'hit-rate', what: 'With its first two exercises.' },
      { minutes: 15, lesson: 'restart', what: 'Cold again after each deployment.' },
      { minutes: 15, what: 'Break.' },
      {
        minutes: 20,
        lesson: 'eviction',
        what: 'The surprise: steady traffic on a bounded cache loses nothing by splitting.',
      },
      {
        minutes: 15,
        lesson: 'expiry',
        what: 'What does stay for good: a refresh for each worker.',
      },
      { minutes: 20, lesson: 'stale-reads', what: 'Copies that no longer agree.' },
      { minutes: 10, what: 'Break.' },
      { minutes: 15, lesson: 'lost-session', what: 'Logged in on every fourth request.' },
      { minutes: 15, page: 'comparison.html', what: 'The way out, and its price.' },
      {
        minutes: 15,
        page: 'closing.html',
        what: 'Four questions, for a system of their own, in pairs.',
      },
    ],
  },
];
