import { describe, expect, it } from 'vitest';
import { computedRecord, troubledRecord } from '../fixtures/sample-record.ts';
import type { RunRecord } from '../record/schema.ts';
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
    expect(paragraphs(troubledRecord()).slice(0, 2)).toEqual([
      '4 workers: no request reached worker 4; its hit rate is unknown, not zero. Use more --connections, or --routing fresh.',
      '4 workers with a cache in each one&#39;s own memory are 4 caches. In production: a shared cache such as Redis or Memcached, or exactly one worker.',
    ]);
    expect(paragraphs(troubledRecord({ warnings: [] }))[0]).toBe(
      'Nothing about this run gave cause for a warning.',
    );
  });

  it('tells of each audit and each replay how it ended', () => {
    const record = troubledRecord();
    const [first, second] = record.arms[1]!.phases;
    first!.audit.clean = false;
    first!.audit.checks[0]!.holds = false;
    second!.replay = { ...second!.replay!, identical: 297, firstDifference: 'request 12' };
    const checks = first!.audit.checks.length;
    expect(paragraphs(record).slice(3, 7)).toEqual([
      `What the clients saw is what the workers counted. ${record.arms[0]!.phases[0]!.audit.checks.length} checks of ${record.arms[0]!.phases[0]!.audit.checks.length} hold. Replayed through an exact model of the caches, 500 of 500 responses came out the same.`,
      expect.stringContaining('300 of 300 responses came out the same.'),
      `What the clients saw is not what the workers counted. Do not use these figures. ${checks - 1} checks of ${checks} hold. Replayed through an exact model of the caches, 500 of 500 responses came out the same.`,
      expect.stringMatching(
        /297 of 300 responses came out the same\. First difference: request 12$/,
      ),
    ]);
  });

  it('says whether the picture ends where the workers did', () => {
    const record = troubledRecord();
    expect(paragraphs(record)[2]).toBe(
      'The picture’s last state is what the workers said they held.',
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
