import { SAMPLE_EXHIBITS } from '../html/sample-exhibits.ts';
import { sampleRecord } from '../html/sample-record.ts';
import type { Exhibit, Finding, RunRecord } from '../record.ts';
import type { ClaimResult, ClaimVerdict, Course, CourseLesson } from './course.ts';

const LESSON = `## Question

What becomes of the cache?

## Minutes

10 to run, predict and read; 20 for the exercises.

## Predict first

What do you expect?

- [x] More misses.
  Each worker reads for itself.
- [ ] Fewer.
  Nothing is shared.

## Why

Written after the run.
`;

const MEASURED_TABLE: Exhibit = {
  kind: 'table',
  id: 'backends',
  title: 'Question by question',
  caption: 'Each cell was measured.',
  columns: ['', 'locmem', 'redis'],
  rows: [['Shared by all workers?', '1 of 4 knew it', '4 of 4 knew it']],
};

/** A small course for tests: lessons with a run, with a failed one and with none. */
export function sampleCourse({ withSharedCache = false } = {}): Course {
  const lessons = [
    lesson('hit-rate', sampleRecord({ requests: 300, keys: 40, exhibits: SAMPLE_EXHIBITS })),
    lesson('two-servers', failed(sampleRecord({ requests: 60, keys: 10 }))),
    lesson('restart', null),
    ...(withSharedCache ? [lesson('shared-cache', sharedCache())] : []),
  ];
  return {
    lessons,
    environment: lessons[0]!.record!.environment,
    claims: [
      claim('C4', 'agrees', 'hit-rate'),
      claim('C5', 'disagrees', 'two-servers'),
      claim('C9', 'failed', 'two-servers'),
      claim('C19', 'not measured', null),
    ],
  };
}

function lesson(name: string, record: RunRecord | null): CourseLesson {
  return {
    name,
    question: `What does ${name} show?`,
    claims: ['C4'],
    lesson: LESSON,
    record: record && { ...record, scenario: { ...record.scenario, name } },
  };
}

function failed(record: RunRecord): RunRecord {
  return { ...record, status: 'failed', failure: 'Worker 2 died.', verdict: null };
}

function sharedCache(): RunRecord {
  return sampleRecord({ requests: 60, keys: 10, exhibits: [MEASURED_TABLE] });
}

const FINDING: Finding = {
  claim: 'C4',
  what: 'misses of 4 workers',
  unit: 'misses',
  expected: { value: 700, low: 690, high: 710, interval: '95 % of runs', source: 'occupancy' },
  measured: 703,
  tolerance: 'twice the half-width',
  agrees: true,
};

function claim(id: string, verdict: ClaimVerdict, scenario: string | null): ClaimResult {
  return {
    claim: { id, text: `What ${id} says.`, remark: 'Not always.', elsewhere: 'the closing page' },
    verdict,
    shownBy: scenario === null ? [] : [{ scenario, verdict, findings: [FINDING] }],
  };
}
