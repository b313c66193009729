import type { TestCluster } from '@pushfleet/test/cluster';
import type { Fleet } from './fleet.ts';
import { cpuSeconds } from './machine.ts';
import type { CpuMeter } from './push-rounds.ts';
import { redisInfo } from './redis-info.ts';

/** CPU of each kind of process of a cluster, its devices and this caller. */
export async function meterOf(cluster: TestCluster, fleet: Fleet, registry: 'embedded' | 'redis'): Promise<CpuMeter> {
  const workers = (await cluster.nodes()).flatMap((node) => node.workers.map(({ pid }) => pid));
  const sum = (pids: readonly number[]) => pids.reduce((seconds, pid) => seconds + cpuSeconds(pid), 0);
  return async () => ({
    balancer: sum(cluster.balancers.map(({ pid }) => pid)),
    workers: sum(workers),
    devices: sum(fleet.pids),
    caller: sum([process.pid]),
    ...(registry === 'redis' ? { redis: await redisSeconds(cluster.redis.url) } : {}),
  });
}

async function redisSeconds(url: string): Promise<number> {
  return (await redisInfo(url, 'cpu', 'used_cpu_user')) + (await redisInfo(url, 'cpu', 'used_cpu_sys'));
}
