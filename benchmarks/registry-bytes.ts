import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestCluster } from '@pushfleet/test/cluster';
import { redisInfo } from './redis-info.ts';

/** The bytes that the registry of a cluster takes up: memory of Redis, or pages of the embedded registry's file. */
export async function registryBytes(cluster: TestCluster, registry: 'embedded' | 'redis'): Promise<number> {
  return registry === 'redis'
    ? redisInfo(cluster.redis.url, 'memory', 'used_memory')
    : usedPages(join(cluster.stateDir, 'registry.sqlite'));
}

function usedPages(file: string): number {
  using sqlite = new DatabaseSync(file, { readOnly: true });
  const pragma = (name: string) => Number(Object.values(sqlite.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
  return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
}
