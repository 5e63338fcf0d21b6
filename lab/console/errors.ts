/** Exit codes of the command line. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/**
 * An error for a person: what happened, and what to do about it. The command line prints these
 * two sentences and no stack; anything else that is thrown is a defect of the lab.
 */
export class LabError extends Error {
  override readonly name = 'LabError';
  /** What to do: a flag to change, a command to run. */
  readonly remedy: string;
  readonly exitCode: number;

  constructor(
    message: string,
    options: { remedy: string; exitCode?: number; cause?: unknown } = { remedy: '' },
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.remedy = options.remedy;
    this.exitCode = options.exitCode ?? EXIT.failed;
  }
}

/** A flag with a value that cannot be used: exit code 2, before anything is started. */
export function usageError(message: string, remedy: string): LabError {
  return new LabError(message, { remedy, exitCode: EXIT.usage });
}
