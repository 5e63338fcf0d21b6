import { describe, expect, it } from 'vitest';
import { computedRecord, troubledRecord } from '../fixtures/sample-record.ts';
import { distinctArm, distinctPhase, distinctRecord } from '../record/fixtures/distinct-figures.ts';
import type { Estimate, RunRecord } from '../record/schema.ts';
import { trust } from './trust.ts';

/** The paragraphs of the section, without markup. */
function paragraphs(record: RunRecord): string[] {
  return [...trust(record).text.matchAll(/<p[^>]*>(.*?)<\/p>/gs)].map(([, text]) =>
    text!
      .replace(/<[^>]*>/g, '')
      .replaceAll('\u00a0', ' ')
      .replaceAll('\n', ' '),
  );
}

describe('the section on trust', () => {
  it('names the arm of a warning once', () => {
    expect(paragraphs(troubledRecord())[0]).toBe(
      '4 workers: no request reached worker 4; its hit rate is unknown, not zero. Use more --connections, or --routing fresh.',
    );
    expect(paragraphs(troubledRecord({ warnings: [] }))[0]).toBe(
      'There are no warnings about this run.',
    );
  });

  it('says once what held everywhere, with each phase below', () => {
    const record = troubledRecord();
    const phases = record.arms.flatMap((arm) => arm.phases);
    const checks = phases.reduce((sum, { audit }) => sum + audit.checks.length, 0);
    const said = paragraphs(record).slice(3);
    expect(said[0]).toBe(
      `What the clients saw is what the workers counted. All of ${checks} checks hold, and all of 1,600 responses came out the same from an exact model of the caches.`,
    );
    expect(said.filter((text) => text.includes('checks of'))).toHaveLength(phases.length);
    expect(trust(record).text).toContain('<details><summary>Phase by phase</summary>');
  });

  it('opens the audits and replays that did not hold', () => {
    const record = troubledRecord();
    const [first, second] = record.arms[1]!.phases;
    first!.audit.clean = false;
    first!.audit.checks[0]!.holds = false;
    second!.replay = { ...second!.replay!, identical: 297, firstDifference: 'request 12' };
    const checks = first!.audit.checks.length;
    const open = paragraphs(record).slice(3, 5);
    expect(open).toEqual([
      `What the clients saw is not what the workers counted. Do not use these figures. ${checks - 1} checks of ${checks} hold. Replayed through an exact model of the caches, 500 of 500 responses came out the same.`,
      expect.stringMatching(
        /297 of 300 responses came out the same\. First difference: request 12$/,
      ),
    ]);
  });

  it('says whether the picture ends where the workers did', () => {
    const record = troubledRecord();
    expect(paragraphs(record)[2]).toBe(
      'The picture’s last state matches what the workers reported.',
    );
    record.arms[1]!.phases[1]!.residency!.final[0]!.keys.splice(0, 2);
    expect(paragraphs(record)[2]).toBe(
      '2 cells of the picture differ from what the workers said they held at the end.',
    );
  });

  it('says of what was computed that it is the same everywhere, and of no load', () => {
    const { text } = trust(computedRecord([]));
    expect(text).toContain('These figures were computed, not measured');
    expect(text).not.toContain('How the load was made');
  });
});

const plain = (html: string) => html.replace(/<[^>]*>/g, '').replaceAll('\u00a0', ' ');

/** The tables of the section by their labels, a line for each row. */
function tablesOf(record: RunRecord): Record<string, string[]> {
  const tables = trust(record).text.matchAll(/aria-label="([^"]*): table"[^>]*>(.*?)<\/table>/gs);
  return Object.fromEntries(
    [...tables].map(([, label, table]) => [
      label,
      [...table!.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) =>
        plain(row!.replace(/<\/t[hd]><t/g, '</th> | <t')),
      ),
    ]),
  );
}

describe('the tables of the section on trust', () => {
  const expected: Estimate = {
    ...{ value: 50, low: 45, high: 55, source: 'a paper', by: 'formula' },
    interval: { kind: 'tolerance', reason: 'the clock' },
  };
  const finding = { claim: 'C4', what: 'misses', unit: 'misses', measured: 61, agrees: false };
  const checks = [
    { name: 'hits', slot: null, seen: 1_234, counted: 1_235, holds: false },
    { name: 'requests', slot: 2, seen: 7, counted: 7, holds: true },
  ];
  const phase = { ...distinctPhase('traffic', 0), audit: { clean: false, checks } };
  const record = distinctRecord(
    [
      distinctArm('a', [phase]),
      distinctArm('b', [], {
        ...{ ratePerSecond: 500, round: 2, workers: 3, launcher: 'pm2', backend: 'redis' },
        ...{ routing: 'fresh', connections: 17, originDelayMillis: 2.5 },
        cache: { maxEntries: 75, timeoutSeconds: null, cullFrequency: 4 },
        workload: { popularity: 'uniform', zipf: 0.8, keys: 201, seed: 1 },
      }),
    ],
    {
      verdict: {
        ...{ sentence: 'So it is.', agreement: 'disagrees' },
        findings: [
          { ...finding, expected },
          { ...finding, claim: null, what: 'share', unit: 'share', measured: 0.842, agrees: null },
        ].map((one) => ({ expected: null, ...one })),
      },
    },
  );

  it('tell how far from what was expected it came out', () => {
    expect(paragraphs(record)[1]).toBe(
      'Not as theory expects: misses, 11 apart; the tolerance is ± 5: the clock. Look at the figures before you believe either.',
    );
    expect(trust(record).text).toContain('<h3 id="theory">Compared with theory</h3>');
    expect(trust(distinctRecord([])).text).not.toContain('id="theory"');
    expect(trust(distinctRecord([], { verdict: null })).text).not.toContain('id="theory"');
  });

  it('hold every check of an audit', () => {
    expect(tablesOf(record)['Audit, a']).toEqual([
      'what | worker | clients saw | workers counted | holds',
      'hits | all | 1,234 | 1,235 | no',
      'requests | worker 2 | 7 | 7 | yes',
    ]);
    const { text } = trust(record);
    expect(text).toContain('<h3 id="audit">Audit and replay</h3>');
    expect(text).toContain('<h4>a</h4>\n<p><strong class="bad">What the clients saw is not');
    expect(text).toContain('<summary>The checks<');
  });

  it('say how the load was made', () => {
    expect(tablesOf(record)['How the load was made']).toEqual([
      'arm | workers | launcher | backend | routing | connections | load | keys | cache of each worker | database delay',
      'a | 2 | cluster | locmem | keep-alive | 16 | closed loop, as fast as the answers come | 200 keys, zipf 0.8 | 300 entries, timeout 300 s, culls 1/3 | 0 ms',
      'b, round 2 | 3 | pm2 | redis | fresh | 17 | 500 requests/s offered | 201 keys, uniform | 75 entries, timeout never, culls 1/4 | 2.5 ms',
    ]);
  });

  it('are followed by how to repeat it, and where it ran', () => {
    const { text } = trust(record);
    const [, facts] = [...text.matchAll(/<dl class="facts">(.*?)<\/dl>/gs)].at(-1)!;
    expect(plain(facts!.replaceAll('</dt>', ': ').replaceAll('</dd>', '\n')).split('\n')).toEqual([
      ...['processor: a processor, 2 cores', 'memory: 8.0 GiB', 'system: linux x64'],
      ...['Node: v26.10.0', 'fastify: 5.12.8', 'run: 2026-01-02T03-04-05-hit-rate'],
      ...['took: 4.3 s', ''],
    ]);
    const said = plain(text).replaceAll('\n', ' ');
    expect(said).toContain(
      'How to repeat it npm run lab -- --seed 7 The seed is 7: the same seed gives the same keys in the same order. Which worker gets which request, and how long an answer takes, depends on the machine and differs from run to run. Save the record (JSON) Save the figures (CSV)',
    );
    expect(text).toContain('<section id="trust" aria-labelledby="trust-title">');
    expect(text).toContain('<h2 id="trust-title">Can this be trusted?</h2>');
    expect(text).not.toContain('The picture');
  });

  it('have no audit and no replay of what was not measured or not replayed', () => {
    expect(trust(distinctRecord([])).text).not.toContain('id="audit"');
    const unreplayed = distinctArm('a', [{ ...phase, replay: null }]);
    expect(plain(trust(distinctRecord([unreplayed])).text)).toContain(
      'Do not use these figures. 1 check of 2 hold.\nThe run was not replayed.',
    );
  });
});
