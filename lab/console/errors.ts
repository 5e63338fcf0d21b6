import pc from 'picocolors';
import { refusalOf } from './refusals.ts';

/** Exit codes of the command line. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** What went wrong, and what to do about it: a flag to change, a command to run. */
export interface Fault {
  readonly message: string;
  readonly remedy: string;
}

/**
 * An error for a person: what happened, and what to do about it. The command line prints these
 * two sentences and no stack; anything else that is thrown is a defect of the lab.
 */
export class LabError extends Error implements Fault {
  override readonly name: string = 'LabError';
  readonly remedy: string;
  readonly exitCode: number = EXIT.failed;

  constructor(message: string, { remedy, cause }: { remedy: string; cause?: unknown }) {
    super(message, cause === undefined ? {} : { cause });
    this.remedy = remedy;
  }
}

/** Everything that is wrong with what the user gave: exit code 2, before anything is started. */
export class UsageError extends LabError {
  override readonly name = 'UsageError';
  override readonly exitCode = EXIT.usage;
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(({ message }) => message).join('\n'), { remedy: faults[0]?.remedy ?? '' });
    this.faults = faults;
  }
}

/** The same for a single fault. */
export function usageError(message: string, remedy: string): UsageError {
  return new UsageError([{ message, remedy }]);
}

/** The error as a person is to read it; `null`: a defect of the lab. */
export function toldError(error: unknown): LabError | null {
  if (error instanceof LabError) return error;
  const refusal = refusalOf(error);
  return refusal && new LabError(refusal.message, { remedy: refusal.remedy, cause: error });
}

/** What went wrong as one text, e.g. for a record. */
export function messageOf(error: unknown): string {
  return toldError(error)?.message ?? String(error);
}

/** What went wrong, in lines for a person; with a stack only where the lab itself is at fault. */
export function describeError(error: unknown): string {
  const mark = pc.red('error');
  const told = toldError(error);
  if (told) {
    const faults = told instanceof UsageError ? told.faults : [told];
    return faults
      .map(({ message, remedy }) => `${mark}: ${shortened(message)}\n${remedy}\n`)
      .join('');
  }
  const stack = error instanceof Error ? `${error.stack}\n` : '';
  return `${mark}: ${String(error)}\nThe lab itself failed; please report this:\n${stack}`;
}

/** More than the last words of a worker; a file or a flag of half a megabyte is not said again. */
const LONGEST_MESSAGE = 2_000;

function shortened(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)} …`;
}
