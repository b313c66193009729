import { requireRedisBinary } from '../redis/find-redis.ts';
import { startRedisProcess } from '../redis/redis-process.ts';

/**
 * A Redis that keeps what it has answered when it is killed, and has it when it is started again: it writes before it answers, and
 * what is written survives a process. It does not wait for the disk, which may take longer than balancers wait for Redis; with
 * `everysec` it answers before it writes while the disk is busy.
 */
export async function startDurableRedis(): Promise<AsyncDisposable & { url: string; restart(): Promise<void> }> {
  const { url, restart, stop } = await startRedisProcess(await requireRedisBinary(), [
    '--appendonly',
    'yes',
    '--appendfsync',
    'no',
  ]);
  return { url, restart, [Symbol.asyncDispose]: stop };
}
