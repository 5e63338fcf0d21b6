import type { Environment, Finding, RunRecord, Verdict } from '../record/schema.ts';

/** All that the course's pages are made from. */
export interface Course {
  /** In the order in which they are taught. */
  readonly lessons: readonly CourseLesson[];
  readonly claims: readonly ClaimResult[];
  /** Of the newest run; `null` where nothing was run. */
  readonly environment: Environment | null;
  readonly curriculum: Curriculum;
}

/** A lesson, with the run that shows it. */
export interface CourseLesson {
  /** The scenario's; also the name of the lesson's page. */
  readonly name: string;
  readonly question: string;
  readonly claims: readonly string[];
  /** The lesson's Markdown. */
  readonly lesson: string;
  /** The run that the page shows; `null` where there is none. */
  readonly record: RunRecord | null;
  /** What the run came to. */
  readonly verdict: LessonVerdict;
}

/** What the course says beside its lessons. */
export interface Curriculum {
  /** Words in alphabetical order, each with its meaning. */
  readonly glossary: Readonly<Record<string, string>>;
  readonly workshops: readonly Workshop[];
  /** Questions for the room. */
  readonly discussion: readonly {
    readonly question: string;
    readonly listenFor: string;
    readonly lesson: string;
  }[];
  /** Rows: a question, what is true of local memory, Redis and Memcached, and a lesson's name. */
  readonly comparison: readonly (readonly [string, string, string, string, string])[];
  /** Servers and how many processes they start; each cell is a line of Markdown. */
  readonly servers: readonly {
    readonly name: string;
    readonly byItself: string;
    readonly several: string;
    readonly caches: string;
    readonly source: string;
  }[];
  readonly decision: Decision;
}

/** A plan for teaching some of the lessons in one sitting. */
export interface Workshop {
  readonly name: string;
  readonly about: string;
  readonly stretches: readonly Stretch[];
}

/** A part of a workshop. */
export interface Stretch {
  readonly minutes: number;
  /** A lesson, or a page of the course by its file's name; `null`: neither. */
  readonly place: string | null;
  readonly what: string;
}

/** Questions, and the advice that the answers lead to. */
export interface Decision {
  readonly questions: readonly Question[];
  /** The first that fits holds. */
  readonly advice: readonly Advice[];
}

/** A question of the closing page. */
export interface Question {
  readonly id: string;
  readonly text: string;
  readonly hint: string;
  readonly answers: readonly { readonly id: string; readonly text: string }[];
}

/** What to do, and for whom it is meant. */
export interface Advice {
  /** The answers it is for, `question=answer` with a space between two. */
  readonly when: string;
  /** The same in words. */
  readonly whenText: string;
  readonly what: string;
  readonly why: string;
  /** The lessons that show the reason. */
  readonly lessons: readonly string[];
}

/** What became of a lesson's run; `failed`: it did not get to the end, or its audit failed. */
export type LessonVerdict = Verdict['agreement'] | 'failed' | 'not measured';

/**
 * What became of a claim. `illustrated`: only measured, or true by the lab's own construction;
 * `failed`: whoever should have shown it did not get to the end.
 */
export type ClaimVerdict = 'confirmed' | 'contradicted' | 'illustrated' | 'failed' | 'not measured';

/** A claim, and what was measured of it. */
export interface ClaimResult {
  readonly claim: {
    readonly id: string;
    readonly text: string;
    /** Where it is not the whole truth. */
    readonly remark?: string;
    /** Where it is answered, for what no scenario can measure. */
    readonly elsewhere?: string;
  };
  readonly verdict: ClaimVerdict;
  /** The runs that speak of it. */
  readonly shownBy: readonly {
    readonly scenario: string;
    readonly verdict: ClaimVerdict;
    readonly findings: readonly Finding[];
  }[];
}
