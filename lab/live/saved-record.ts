import { count, counted, inWords, percent } from '../../reports/record/format.ts';
import type { Arm, Exhibit, Phase, RunRecord } from '../../reports/record/schema.ts';
import { hitRateOf, missesOf, sum } from '../../reports/record/tally.ts';
import type { ScenarioOptions } from '../../scenarios/kit/contract.ts';
import { armRecord } from '../run/arm.ts';
import { phaseRecords } from '../run/phase-record.ts';
import { emptyRecord, timestamp } from '../run/run.ts';
import { warningsOf } from '../run/warnings.ts';
import { Ledger } from '../traffic/ledger.ts';
import { createWorkload } from '../traffic/workload.ts';
import { joined, type RecordedArm } from './recording.ts';
import { added, NO_SUMS, type Sums } from './sums.ts';

/** What a record is made of; plain data, so that another thread can make it. */
export interface SavePlan {
  readonly arms: readonly RecordedArm[];
  readonly options: ScenarioOptions;
  readonly command: string;
  readonly startedAt: Date;
  readonly savedAt: Date;
}

const QUESTION = 'What happened on the wall?';

/**
 * What happened so far as the record of a run: a fleet is an arm, what lies between two changes a
 * phase of it. Theory is not asked: a presenter steered, so the caches saw no workload of its own law.
 */
export function savedRecord(plan: SavePlan): RunRecord {
  const { options, command, startedAt, savedAt } = plan;
  const { workers, launchers, backends } = options;
  const scenario = { name: 'live', question: QUESTION, claims: [], lesson: '' };
  const kept = { workers: [...workers], launchers: [...launchers], backends: [...backends] };
  const record = emptyRecord({
    ...{ scenario, command, startedAt, seed: options.seed },
    options: { ...options, ...kept },
  });
  const recorded = plan.arms.map((arm) => ({
    ...arm,
    stretches: joined(arm.stretches.map(readable)),
  }));
  record.id = `${timestamp(savedAt)}-live`;
  record.status = 'complete';
  record.durationMillis = savedAt.getTime() - startedAt.getTime();
  record.arms = recorded.filter(({ stretches }) => stretches.length > 0).map(armOf);
  record.warnings = warningsOf(record);
  const fleets = fleetsOf(recorded, record.arms);
  record.exhibits = [fleetsTable(fleets)];
  const sentence = sentenceOf(fleets, record.durationMillis);
  record.verdict = { sentence, agreement: 'not judged', headline: null, findings: [] };
  return record;
}

/** From another thread a ledger comes without its methods. */
function readable(stretch: RecordedArm['stretches'][number]): RecordedArm['stretches'][number] {
  const ledger = Object.assign(new Ledger(), stretch.live.ledger);
  return { ...stretch, live: { ...stretch.live, ledger } };
}

function armOf({ plan, startMillis, stretches, earlier, replay }: RecordedArm): Arm {
  const phases = phaseRecords(plan, createWorkload(plan), stretches, replay ?? undefined);
  return armRecord(plan, { startMillis, phases, observations: { earlier } });
}

/** A fleet, with what came before its responses were kept one by one. */
interface Fleet {
  readonly name: string;
  readonly earlier: Sums | null;
  readonly all: Sums;
}

function fleetsOf(recorded: readonly RecordedArm[], arms: readonly Arm[]): Fleet[] {
  return recorded.flatMap(({ plan: { name }, earlier }) => {
    const arm = arms.find((one) => one.name === name);
    if (!arm && !earlier) return [];
    const all = [earlier ?? NO_SUMS, ...(arm?.phases ?? []).map(sumsOfPhase)].reduce(added);
    return [{ name, earlier, all }];
  });
}

function sumsOfPhase({ totals, audit, replay }: Phase): Sums {
  return {
    responses: totals.requests,
    hits: totals.hits,
    misses: missesOf(totals),
    errors: totals.errors,
    originQueries: totals.originQueries,
    pieces: 1,
    clean: audit.clean ? 1 : 0,
    replayed: replay?.responses ?? 0,
    alike: replay?.identical ?? 0,
    oneCacheMisses: replay?.sharedCacheMisses ?? 0,
  };
}

function fleetsTable(fleets: readonly Fleet[]): Exhibit {
  const before = sum(fleets.map(({ earlier }) => earlier?.responses ?? 0));
  const bounded =
    before === 0
      ? ''
      : ` Of the first ${counted(before, 'response')} there are only these sums, audited and replayed when they were made; charts and figures elsewhere are of the later ones.`;
  return {
    kind: 'table',
    id: 'fleets',
    title: 'The fleets, one after the other',
    caption: `What all responses add up to. One cache: the same requests through one cache of the size of all, in the exact model.${bounded}`,
    columns: [
      { label: 'fleet', format: null },
      { label: 'responses', format: 'count' },
      { label: 'of these as sums alone', format: 'count' },
      { label: 'hit rate', format: 'percent' },
      { label: 'one cache', format: 'percent' },
      { label: 'database queries', format: 'count' },
      { label: 'one cache', format: 'count' },
      { label: 'audits clean', format: null },
      { label: 'replayed alike', format: null },
    ],
    rows: fleets.map(({ name, earlier, all }) => [
      name,
      all.responses,
      earlier?.responses ?? 0,
      rateOf(all),
      oneCacheRateOf(all),
      all.originQueries,
      all.replayed === 0 ? null : all.oneCacheMisses,
      `${count(all.clean)} of ${count(all.pieces)}`,
      all.replayed === 0 ? null : `${count(all.alike)} of ${count(all.replayed)}`,
    ]),
  };
}

function sentenceOf(fleets: readonly Fleet[], millis: number): string {
  const all = fleets.map((fleet) => fleet.all);
  const whole = all.reduce(added, NO_SUMS);
  const rate = rateOf(whole);
  const found = rate === null ? '' : `, ${percent(rate)} of the lookups were hits`;
  const own = all.filter(({ replayed }) => replayed > 0).reduce(added, NO_SUMS);
  const compared =
    own.replayed === 0
      ? ''
      : ` Where each worker had a cache of its own, ${percent(rateOf(own))} were; one cache would have had ${percent(oneCacheRateOf(own))}.`;
  return (
    `In ${inWords(millis / 1_000, 'seconds')}, ${counted(fleets.length, 'fleet')} gave ` +
    `${counted(whole.responses, 'response')}${found}.${compared}`
  );
}

function rateOf({ hits, misses }: Pick<Sums, 'hits' | 'misses'>): number | null {
  return hitRateOf({ hits, misses: { cold: misses, expired: 0, evicted: 0 } });
}

function oneCacheRateOf({ replayed, oneCacheMisses }: Pick<Sums, 'replayed' | 'oneCacheMisses'>) {
  return replayed === 0 ? null : 1 - oneCacheMisses / replayed;
}
