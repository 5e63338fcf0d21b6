import { describe, expect, it } from 'vitest';
import { computedRecord, sampleRecord, troubledRecord } from '../fixtures/sample-record.ts';
import type { Replay, RunRecord } from '../record/schema.ts';
import { conclusion, headline, question } from './opening.ts';

/** What a reader sees of markup: without tags, a line for each list item. */
function textOf(html: string): string {
  return html
    .replaceAll('</li>', '\n')
    .replace(/<[^>]*>/g, '')
    .replaceAll('\u00a0', ' ')
    .trim();
}

function assurances(record: RunRecord): string[] {
  const list = /<ul class="assurances">(.*?)<\/ul>/s.exec(conclusion(record).text)![1]!;
  return textOf(list).split('\n');
}

function changed(change: (record: RunRecord) => void): RunRecord {
  const record = troubledRecord({ warnings: [] });
  change(record);
  return record;
}

const lastReplay = (record: RunRecord): Replay => record.arms[1]!.phases[1]!.replay!;

describe('the first screen assures', () => {
  it('of what holds for all arms and phases', () => {
    expect(assurances(changed(() => {}))).toEqual([
      '✓ Furthest from the model: misses of 1 worker, 7.9 apart; chance allows ± 49.8',
      '✓ audit clean',
      '✓ 1,600 responses replayed alike',
    ]);
  });

  it.each([
    [0, 0],
    [1, 1],
  ])('of no clean audit where that of arm %i, phase %i failed', (arm, phase) => {
    const record = changed(({ arms }) => {
      arms[arm]!.phases[phase]!.audit.clean = false;
    });
    expect(assurances(record)[1]).toBe('! audit failed');
  });

  it('of as many like responses as there were', () => {
    const record = changed((one) => {
      lastReplay(one).identical -= 3;
    });
    expect(assurances(record)[2]).toBe('! 1,597 of 1,600 responses replayed alike');
  });

  it('of nothing that was not done: a replay, an audit, a judgement', () => {
    const record = changed((one) => {
      for (const { phases } of one.arms) for (const phase of phases) phase.replay = null;
      one.verdict!.agreement = 'not judged';
    });
    expect(assurances(record)).toEqual(['✓ audit clean']);
    expect(assurances(computedRecord([]))).toEqual([expect.stringMatching(/^✓ Furthest from /)]);
  });

  it('of what disagrees, and of warnings', () => {
    const record = changed((one) => {
      const [finding] = one.verdict!.findings;
      one.verdict!.agreement = 'disagrees';
      one.verdict!.findings = [{ ...finding!, measured: 900, agrees: false }];
      one.warnings = troubledRecord().warnings;
    });
    expect(assurances(record)).toEqual([
      expect.stringMatching(
        /^! Not as the model expects: misses of 1 worker, 701 apart; .* Look at/,
      ),
      '✓ audit clean',
      '✓ 1,600 responses replayed alike',
      '! 1 warning',
    ]);
  });

  it('of advice as advice, for it is no reason to doubt', () => {
    const record = troubledRecord();
    const kinds = record.warnings.map(({ kind }) => kind);
    expect(kinds).toEqual(['idle-worker', 'local-cache-with-several-workers']);
    expect(textOf(conclusion(record).text)).toContain(
      'are 4 caches. In production, use a shared cache such as Redis or Memcached, or exactly one worker.',
    );
  });
});

describe('the first sentence', () => {
  it('is the verdict, its figures set off', () => {
    const { text } = conclusion(
      sampleRecord({
        verdict: { sentence: 'From 84.2 % to 9 %, <5.7 ×>.', agreement: 'agrees', findings: [] },
      }),
    );
    expect(text).toContain(
      '<p class="verdict" id="verdict">From <b>84.2 %</b> to <b>9 %</b>, &lt;<b>5.7</b> ×&gt;.</p>',
    );
  });

  it('tells of a run that did not get to its end, and why', () => {
    const record = sampleRecord({ status: 'interrupted', failure: 'Ctrl-C.', verdict: null });
    expect(textOf(question(record).text)).toContain('This run is interrupted. Ctrl-C.');
    expect(textOf(conclusion(record).text)).toContain(
      'There is no verdict: the run did not get that far.',
    );
    expect(headline(record)).toBeNull();
  });

  it('leaves digits alone that belong to a name', () => {
    const verdict = { sentence: 'user_123 cost 4 of C12.', agreement: 'agrees' } as const;
    const { text } = conclusion(sampleRecord({ verdict: { ...verdict, findings: [] } }));
    expect(text).toContain('user_123 cost <b>4</b> of C12.');
  });
});

it('the figures at a glance are those of the verdict, before and after', () => {
  const record = sampleRecord();
  record.verdict!.headline = {
    ...{ before: '1 worker', after: '4 <workers>' },
    figures: [
      { label: 'hit rate', format: 'percent', before: 0.95, after: 0.8191 },
      { label: 'copies', format: 'number', before: null, after: 3.6 },
    ],
  };
  const { text } = headline(record)!;
  expect(textOf(text.replaceAll('</dt>', ': ').replaceAll('</dd>', '; '))).toBe(
    'hit rate: 95.0 % → 81.9 %; \ncopies: – → 3.6; \ncompared: 1 worker → 4 &lt;workers&gt;;',
  );
});
