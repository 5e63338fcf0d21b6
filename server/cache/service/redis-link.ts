import { createClient } from '@redis/client';
import type { CompleteOptions } from '../options.ts';
import { ServiceLink } from './link.ts';

type Client = ReturnType<typeof newClient>;

/**
 * A connection to the Redis server at `location`.
 *
 * @param onConnected called each time that the connection stands, the first included
 * @throws RangeError for a location that is no address of Redis
 */
export function redisLink(
  { location, socketTimeout }: Pick<CompleteOptions, 'location' | 'socketTimeout'>,
  onConnected?: () => void,
): ServiceLink<Client> {
  if (!/^(rediss?:\/\/[^/]|unix:\/\/\/)/.test(location) || !URL.canParse(location)) {
    throw new RangeError(
      `The location of a Redis cache must be redis://host:port or unix:///path, not ${JSON.stringify(location)}.`,
    );
  }
  return new ServiceLink<Client>({
    name: 'Redis',
    open(lost) {
      const client = newClient(location);
      client.on('error', lost);
      client.on('end', () => lost(new Error('the connection was closed')));
      return { client, ready: client.connect().then(() => client.ping()) };
    },
    close: (client) => client.destroy(),
    timeoutSeconds: socketTimeout,
    onConnected,
  });
}

/** When to connect again, how long to wait and how much to queue is the link's business alone. */
function newClient(location: string) {
  return createClient({
    url: location,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: false },
  });
}
