import Type from 'typebox';

/** A number from 1 in the path, as text: Ajv would read 0x10, 1e3 and Infinity as numbers too. */
export const IdParams = Type.Object({ id: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }) });
