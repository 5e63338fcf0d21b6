import Type from 'typebox';

/** What the numbers and names of a record may be: it may come from anywhere, and pages draw from it. */

/** How many. */
export const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** Any figure that is measured or expected. */
export const Figure = Type.Number({ minimum: -1e15, maximum: 1e15 });
/** A figure that is never negative: a duration, a rate. */
export const Amount = Type.Number({ minimum: 0, maximum: 1e15 });
/** What random numbers begin with. */
export const Seed = Type.Integer({
  minimum: Number.MIN_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
});
/** Workers, servers: a page draws each of them. */
export const Few = Type.Integer({ minimum: 1, maximum: 10_000 });
/** Part of file names, addresses and anchors, so nothing that means something there. */
export const Name = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,60}$' });
/** The name of a folder. */
export const Id = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9-]{0,120}$' });
/** A time in UTC, as `Date.toISOString` writes it. */
export const Moment = Type.String({
  pattern:
    '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,3})?Z$',
});
/** Or `null`: not known, or no traffic. */
export const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
/** A share of one. */
export const Share = Type.Number({ minimum: 0, maximum: 1 });
