import type { Cluster } from '../actors/cluster.ts';
import type { Disturbances } from '../faults/disturbances.ts';

const windowMs = 20_000;
/** The part of the best rate below which it must not fall. */
const leastShare = 0.8;
/** Time for which something that was done to those who assign is still felt. */
const afterwardsMs = 20_000;

/** While more ask than can be answered, the rate of those who get in does not fall: nobody works for those who have gone. */
export function checkStorm(cluster: Cluster, disturbances: Disturbances, fromMs: number, untilMs: number): void {
  const { world, crowd, balancers, registry } = cluster;
  if (!crowd) return;
  const hosts = [...balancers.map(({ host }) => host.name), registry.process.host.name];
  const counts: number[] = [];
  for (let atMs = fromMs; atMs + windowMs <= untilMs; atMs += windowMs) {
    if (hosts.some((host) => disturbances.touched(host, atMs - afterwardsMs, atMs + windowMs))) continue;
    counts.push(crowd.assignedAtMs.filter((each) => each >= atMs && each < atMs + windowMs).length);
  }
  const most = Math.max(...counts);
  const least = Math.min(...counts);
  world.record('crowd', `assigned in each ${windowMs / 1_000} s: ${counts.join(', ')}`);
  if (least < leastShare * most)
    world.find('fewer get in', `assigned in each ${windowMs / 1_000} s: ${counts.join(', ')}`);
}
