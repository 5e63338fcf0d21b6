import { describe, expect, test } from 'vitest';
import { sampleRecord } from '../../reports/fixtures/sample-record.ts';
import { notBorneOut } from './borne-out.ts';

/** What is wrong with a sentence about one worker (38 of 240 missed) and four (95 of 240). */
const faultsOf = (sentence: string) =>
  notBorneOut(
    sampleRecord({ verdict: { sentence, agreement: 'agrees', findings: [] }, exhibits: [] }),
  ).map((line) => line.replace(`: ${sentence}`, ''));

describe('a sentence is borne out', () => {
  test('by numbers of the record as any sentence writes them, and by how they compare', () => {
    expect(
      faultsOf(
        '4 workers, the same 240 requests: the hit rate went from 84.2\u00a0% to 60.4\u00a0%, ' +
          'fell from 84.2 % to 60.4 %, and 95 instead of 38 missed (2.5\u00a0×), 95 of 240.',
      ),
    ).toEqual([]);
  });

  test('by what a finding says, and by how far it is off', () => {
    const expected = sampleRecord().arms[0]!.phases[0]!.expected!.hitRate;
    const finding = { claim: null, what: 'of 7,777 users', unit: 'share', agrees: true };
    const findings = [{ ...finding, expected, measured: 0.1234 }];
    const sentence = 'Of 7,777 users 12.3 % were there.';
    expect(
      notBorneOut(sampleRecord({ verdict: { sentence, agreement: 'agrees', findings } })),
    ).toEqual([]);
  });

  test('by none of the numbers in a name, nor by a product', () => {
    expect(faultsOf('user_123 in 4 × 240 cells')).toEqual([]);
  });

  test.each([
    ['91 missed', 'no figure of the record is 91'],
    ['the hit rate was 84.3 %', 'no figure of the record is 84.3 %'],
    ['3.5 × as many', 'no figure of the record is 3.5 ×'],
  ])('not in %s, which is nowhere', (sentence, fault) => {
    expect(faultsOf(sentence)).toEqual([fault]);
  });

  test.each([
    ['it fell from 38 to 95', '“fell from 38 to 95” is not so'],
    ['it rose from 95 to 38', '“rose from 95 to 38” is not so'],
    ['it went from 38 to 38', '“went from 38 to 38” is not so'],
    ['240 of 95 missed', '“240 of 95” is not so'],
    ['240 requests of 95 missed', '“240 requests of 95” is not so'],
    ['as many as one: 38 against 95', '“as many as one: 38 against 95” is not so'],
    ['4 workers hit higher', '“higher” cannot be checked'],
  ])('not in %s', (sentence, fault) => {
    expect(faultsOf(sentence)).toEqual([fault]);
  });
});

test('nothing is said of a run without a verdict', () => {
  expect(notBorneOut(sampleRecord({ verdict: null }))).toEqual([]);
});
