import Type from 'typebox';

/** What the numbers and names of a record may be: it may come from anywhere, and pages draw from it. */

/** How many. */
export const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** Workers, servers: a page draws each of them. */
export const Few = Type.Integer({ minimum: 1, maximum: 10_000 });
/** Part of file names, addresses and anchors, so nothing that means something there. */
export const Name = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,60}$' });
/** The name of a folder. */
export const Id = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9-]{0,120}$' });
/** A time in UTC, as `Date.toISOString` writes it. */
export const Moment = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z$',
});
/** Or `null`: not known, or no traffic. */
export const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
/** A share of one. */
export const Share = Type.Number({ minimum: 0, maximum: 1 });
