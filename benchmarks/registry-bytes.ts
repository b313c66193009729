import { once } from 'node:events';
import net from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestCluster } from '@pushfleet/test/cluster';

/** What the registry of a cluster takes up: memory of Redis, or pages of the embedded registry's file. */
export async function registryBytes(cluster: TestCluster, registry: 'embedded' | 'redis'): Promise<number> {
  return registry === 'redis'
    ? usedMemory(new URL(cluster.redis.url))
    : usedPages(join(cluster.stateDir, 'registry.sqlite'));
}

function usedPages(file: string): number {
  using sqlite = new DatabaseSync(file, { readOnly: true });
  const pragma = (name: string) => Number(Object.values(sqlite.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
  return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
}

async function usedMemory({ hostname, port }: URL): Promise<number> {
  const socket = net.connect(Number(port) || 6_379, hostname);
  socket.setEncoding('utf8').write('INFO memory\r\nQUIT\r\n');
  let answer = '';
  socket.on('data', (text) => {
    answer += text;
  });
  await once(socket, 'close');
  return Number(/^used_memory:(\d+)/m.exec(answer)?.[1]);
}
