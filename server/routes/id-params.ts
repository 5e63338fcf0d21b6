/** A number from 1 in the path, as text: Ajv would read 0x10, 1e3 and Infinity as numbers too. */
export const IdParams = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', pattern: '^[1-9][0-9]{0,14}$' } },
} as const;
