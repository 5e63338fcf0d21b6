/**
 * Plans for teaching some of the lessons in one sitting; they have a room of thirty in mind, with a
 * projector. The stretches fill the minutes; each has its place, a scenario or a page of the course
 * by its file's name, or none.
 */
export const workshops = [
  {
    name: '90 minutes',
    minutes: 90,
    about:
      'What everybody should have seen once. People predict, you run it and show the report; the exercises are for home.',
    stretches: [
      {
        minutes: 5,
        place: null,
        what: 'Who has a cache in production? Where does it live? A show of hands.',
      },
      {
        minutes: 15,
        place: 'user-123',
        what: 'One user, four workers: the whole matter in twelve requests.',
      },
      {
        minutes: 25,
        place: 'hit-rate',
        what: 'Predict, run, move the slider. Close with the last paragraph: what it does not show.',
      },
      { minutes: 15, place: 'stale-reads', what: 'The same page with two prices.' },
      { minutes: 10, place: 'restart', what: 'What a deployment does to the database.' },
      {
        minutes: 10,
        place: 'comparison.html',
        what: 'What a shared cache gives, and what it costs.',
      },
      {
        minutes: 10,
        place: 'closing.html',
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
      { minutes: 10, place: 'index.html', what: 'Set-up check on every machine.' },
      { minutes: 15, place: 'first-request', what: 'What a cache is for.' },
      { minutes: 15, place: 'user-123', what: 'One user, four workers.' },
      { minutes: 30, place: 'hit-rate', what: 'With its first two exercises.' },
      { minutes: 15, place: 'restart', what: 'Cold again after each deployment.' },
      { minutes: 15, place: null, what: 'Break.' },
      {
        minutes: 20,
        place: 'eviction',
        what: 'The surprise: steady traffic on a bounded cache loses nothing by splitting.',
      },
      { minutes: 15, place: 'expiry', what: 'What does stay for good: a refresh for each worker.' },
      { minutes: 20, place: 'stale-reads', what: 'Copies that no longer agree.' },
      { minutes: 10, place: null, what: 'Break.' },
      { minutes: 15, place: 'lost-session', what: 'Logged in on every fourth request.' },
      { minutes: 15, place: 'comparison.html', what: 'The way out, and its price.' },
      {
        minutes: 15,
        place: 'closing.html',
        what: 'Four questions, for a system of their own, in pairs.',
      },
    ],
  },
];
