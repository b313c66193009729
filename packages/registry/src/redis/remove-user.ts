import { Cluster, type Redis } from 'ioredis';
import { createClient, type RedisPlace } from './clients.ts';

/** `not-permitted`: the user that asks may not, or a server of the cluster does not answer; somebody else has to. */
export type UserRemoval = 'removed' | 'absent' | 'not-permitted';

/** Takes a user out of Redis, of every member of a cluster; its connections end. The file with users stays as it is. Never rejects. */
export async function removeUserAt(place: RedisPlace, name: string): Promise<UserRemoval> {
  using placed = createClient(place);
  const { client } = placed;
  client.on('error', () => {});
  try {
    await client.connect();
    // Members do not tell one another of their users.
    const servers: Redis[] = client instanceof Cluster ? client.nodes('all') : [client];
    const counts = await Promise.all(servers.map((server) => server.call('ACL', 'DELUSER', name)));
    return counts.some((count) => Number(count) > 0) ? 'removed' : 'absent';
  } catch {
    return 'not-permitted';
  } finally {
    client.disconnect();
  }
}
