import type { Arm, Finding } from '../../reports/record/schema.ts';
import { count, counted, exactly, finding, percent } from '../kit/finding.ts';
import { expectedMisses } from '../theory/expected-misses.ts';
import { hitRates, lifeBefore, livesOf, type Restart, restartsOf, sum } from './restarts.ts';

/** What each restart cost, held against what theory says. */
export function findings(arm: Arm): Finding[] {
  const inArm = `with ${counted(arm.workers, 'worker')}`;
  return restartsOf(arm).flatMap((one) => {
    const lives = livesOf(arm, one);
    const fresh = one.watched.lives.filter((life) => !lifeBefore(arm, one, life.pid));
    const found = [
      finding({
        claim: 'C9',
        what: `entries that a new process knew without having loaded them, ${one.phase}, ${inArm}`,
        unit: 'entries',
        expected: exactly(0, 'the cache was the memory of the process that is gone'),
        measured: fresh.length === 0 ? null : sum(fresh.map((life) => life.knownAtOnce)),
      }),
      finding(
        {
          claim: 'C9',
          what: `misses, ${one.phase}, ${inArm}`,
          unit: 'misses',
          expected: expectedMisses(arm, lives),
          measured: sum(one.watched.lives.map((life) => life.misses)),
        },
        1,
      ),
    ];
    if (one.phase !== 'rolling reload') return [...found, unanswered(one, inArm, null)];
    const none = exactly(0, 'a worker leaves only when it has answered');
    return [...found, unanswered(one, inArm, none)];
  });
}

function unanswered(one: Restart, inArm: string, expected: Finding['expected']): Finding {
  return finding({
    claim: null,
    what: `requests without an answer, ${one.phase}, ${inArm}`,
    unit: 'requests',
    expected,
    measured: one.sent - one.answered,
  });
}

/** The verdict in figures. */
export function sentence(arms: readonly Arm[]): string {
  const arm = arms.at(-1);
  const [reload, kill] = arm ? restartsOf(arm) : [];
  if (!arm || !reload || !kill) return 'Nothing was measured.';
  const misses = (one: Restart) => count(sum(one.watched.lives.map((life) => life.misses)));
  const lost = (one: Restart) => one.sent - one.answered;
  const best = hitRates(reload)[0]?.[1];
  const worst = Math.min(...hitRates(reload).map(([, rate]) => rate));
  return (
    `A rolling reload of ${counted(arm.workers, 'worker')} lost ${lost(reload) === 0 ? 'no request' : counted(lost(reload), 'request')} but all ` +
    `${count(reload.entriesBefore)} cached entries: the hit rate fell from ${percent(best)} to ${percent(worst)}, and the database was asked ` +
    `${misses(reload)} times more. Killing one worker cost ${misses(kill)} queries and ${counted(lost(kill), 'request')} without an answer.`
  );
}
