/** What came of a request: an answer, or a sentence about why there is none. */
export interface Posted<T> {
  /** 0: nobody answered. */
  readonly status: number;
  readonly answer: T | null;
  readonly problem: string | null;
}

/** What a page says while nobody answers. */
export const UNHEARD = 'The lab does not answer. This page goes on by itself as soon as it does.';

/** Posts to the lab, as whoever the token belongs to. */
export async function post<T>(path: string, token = '', body?: unknown): Promise<Posted<T>> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const said = await response.json().catch(() => null);
    const { status, ok } = response;
    return ok
      ? { status, answer: said, problem: null }
      : { status, answer: null, problem: refusal(status, said) };
  } catch {
    return { status: 0, answer: null, problem: UNHEARD };
  }
}

/** Why something was refused, in the lab's words where it has some. */
function refusal(status: number, said: { readonly message?: unknown } | null): string {
  return typeof said?.message === 'string' ? said.message : `The lab refused (${status}).`;
}
