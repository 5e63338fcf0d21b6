import type { RunRecord } from '../record.ts';
import { SAMPLE_EXHIBITS } from './sample-exhibits.ts';
import { sampleRecord } from './sample-record.ts';

/** What would run, fetch or mislead if it came through anywhere. */
export const PAYLOAD =
  '</script><script>window.broken=1</script>--><img src="http://127.0.0.1:9/x" onerror="window.broken=1">' +
  '"\'`\\ &lt; ]]> #{broken} {{hitRate}} \u202Eltr\u2066 \u0000\u2028 <svg onload=window.broken=1> =1+1';

const MARKDOWN_PAYLOAD = `
${PAYLOAD} [a](javascript:window.broken=1) ![b](http://127.0.0.1:9/y) <iframe src="http://127.0.0.1:9/z">
[c]( "onmouseover=window.broken=1) <http://127.0.0.1:9> \`</code><script>window.broken=1</script>\`
`;

/** Values that the schema fixes; any other string of a record comes from outside. */
const FIXED = new Set(['schema', 'status', 'agreement', 'kind', 'role', 'state']);

/** A record that is valid, and has the payload in every place where a text from outside can stand. */
export function hostileRecord(): RunRecord {
  const record = sampleRecord({
    workers: [1, 2, 4],
    requests: 300,
    keys: 20,
    restartAt: 100,
    lesson: hostileLesson(),
    exhibits: SAMPLE_EXHIBITS,
  });
  record.status = 'failed';
  record.failure = 'x';
  const lesson = record.scenario.lesson;
  const hostile = poisoned(record, '') as RunRecord;
  hostile.scenario.lesson = lesson;
  hostile.arms.forEach((arm, index) => {
    // Names have to differ, as in any record.
    arm.name = `${PAYLOAD}${index}`;
    arm.phases.forEach((phase) => {
      phase.replay!.firstDifference = PAYLOAD;
    });
  });
  hostile.exhibits.forEach((exhibit, index) => {
    exhibit.id = `${PAYLOAD}${index}`;
  });
  return hostile;
}

function poisoned(value: unknown, name: string): unknown {
  if (typeof value === 'string') return FIXED.has(name) ? value : PAYLOAD;
  if (Array.isArray(value)) return value.map((item) => poisoned(item, name));
  if (typeof value !== 'object' || value === null) return value;
  const free = name === 'versions' || name === 'options' || name === 'observations';
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      free ? `${PAYLOAD}${key}` : key,
      poisoned(item, key),
    ]),
  );
}

function hostileLesson(): string {
  const text = MARKDOWN_PAYLOAD;
  return [
    `## Question\n${text}`,
    `## Objectives\n- ${text}`,
    `## Minutes\n${text}`,
    `## Predict first\n${text}\n- [x] ${PAYLOAD.replaceAll('\u2028', '')}\n  ${text}\n- [ ] b\n  ${text}`,
    `## Run\n\`\`\`${PAYLOAD}\n${text}\n\`\`\``,
    `## What you see\n| a |\n|--:|\n| ${text.replaceAll('\n', ' ')} |`,
    `## Why\n${text}`,
    `## Exercises\n### ${PAYLOAD}\n${text}\n#### Hint\n${text}\n#### Solution\n${text}`,
    `## Key points\n${text}`,
    `## Seen in the wild\n${text}`,
    `## Instructor\n${text}`,
  ].join('\n');
}
