import { Cluster, type Redis } from 'ioredis';
import { createClient, type RedisPlace } from './clients.ts';

/** Process ids, as they say themselves, of the servers at a place that are reached over loopback; none where they do not answer. */
export async function localProcessesOf(place: RedisPlace): Promise<number[]> {
  using placed = createClient(place);
  const { client } = placed;
  client.on('error', () => {});
  try {
    await client.connect();
    const servers = client instanceof Cluster ? client.nodes('master') : [client];
    return (await Promise.all(servers.map(processIdOf))).flat();
  } catch {
    return [];
  } finally {
    client.disconnect();
  }
}

async function processIdOf(server: Redis): Promise<number[]> {
  const answer = await server.info('server');
  const address = server.stream.remoteAddress ?? '';
  const isLocal = address.startsWith('127.') || address === '::1' || address.startsWith('::ffff:127.');
  const processId = Number(/^process_id:(\d+)/m.exec(answer)?.[1]);
  return isLocal && processId > 0 ? [processId] : [];
}
