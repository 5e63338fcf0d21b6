import path from 'node:path';
import { RELOAD } from '../../../server/protocol.ts';
import type { Launcher } from '../fleet.ts';
import { SERVER, startPrimary } from '../primary.ts';

/** node:cluster, its primary being a process of its own. */
export const launcher: Launcher = {
  summary: 'node:cluster: a primary process hands each new connection to the next worker',
  start: (plan, signal) =>
    startPrimary(
      {
        args: [path.join(SERVER, 'primary.ts')],
        reload: (primary) => primary.answer(RELOAD, signal),
      },
      plan,
      signal,
    ),
};
