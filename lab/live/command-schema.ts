import Type from 'typebox';
import { OWN_BACKEND_NAMES, POPULARITIES, ROUTINGS } from '../../reports/record/vocabulary.ts';
import { LIVE_LAUNCHERS, MOST_KEYS, MOST_WORKERS } from './setting.ts';

/* The bodies of what pages post, as the server checks them before it looks at what they say. */

const Slot = Type.Integer({ minimum: 1, maximum: MOST_WORKERS });
const Key = Type.Integer({ minimum: 1, maximum: MOST_KEYS });
/** As the flags of a run have them. */
const Changes = Type.Partial(
  Type.Object({
    workers: Slot,
    launcher: Type.Enum([...LIVE_LAUNCHERS]),
    backend: Type.Enum([...OWN_BACKEND_NAMES]),
    routing: Type.Enum([...ROUTINGS]),
    clients: Type.Integer({ minimum: 1, maximum: 200 }),
    ratePerSecond: Type.Union([Type.Number({ minimum: 1, maximum: 100_000 }), Type.Null()]),
    keys: Key,
    popularity: Type.Enum([...POPULARITIES]),
    zipf: Type.Number({ minimum: 0, maximum: 10 }),
    timeoutSeconds: Type.Union([Type.Number({ exclusiveMinimum: 0, maximum: 1e9 }), Type.Null()]),
    maxEntries: Type.Integer({ minimum: 1, maximum: 10_000_000 }),
  }),
  { additionalProperties: false, minProperties: 1 },
);

const only = { additionalProperties: false };

/** A `Command` of the protocol. */
export const CommandBody = Type.Union([
  Type.Object({ do: Type.Enum(['play', 'pause', 'restart', 'save', 'show']) }, only),
  Type.Object({ do: Type.Literal('set'), setting: Changes }, only),
  Type.Object({ do: Type.Literal('ask'), key: Key, slot: Type.Optional(Slot) }, only),
  Type.Object({ do: Type.Literal('rename'), key: Key }, only),
  Type.Object({ do: Type.Literal('kill'), slot: Slot }, only),
  Type.Object({ do: Type.Literal('clear'), slot: Type.Optional(Slot) }, only),
  Type.Object(
    { do: Type.Literal('act'), number: Type.Integer({ minimum: 0, maximum: 1_000 }) },
    only,
  ),
]);

/** A `Vote` of the protocol. */
export const VoteBody = Type.Object({ answer: Type.Integer({ minimum: 0, maximum: 3 }) }, only);
