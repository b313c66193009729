import type { Cluster } from '../actors/cluster.ts';

const windowMs = 20_000;
/** The part of the best rate below which it must not fall. */
const leastShare = 0.5;

/** While more ask than can be answered, the rate of those who get in does not fall: nobody works for those who have gone. */
export function checkStorm({ world, crowd }: Cluster, fromMs: number, untilMs: number): void {
  if (!crowd) return;
  const counts: number[] = [];
  for (let atMs = fromMs; atMs + windowMs <= untilMs; atMs += windowMs) {
    counts.push(crowd.assignedAtMs.filter((each) => each >= atMs && each < atMs + windowMs).length);
  }
  const most = Math.max(...counts);
  const least = Math.min(...counts);
  world.record('crowd', `assigned in each ${windowMs / 1_000} s: ${counts.join(', ')}`);
  if (least < leastShare * most)
    world.find('fewer get in', `assigned in each ${windowMs / 1_000} s: ${counts.join(', ')}`);
}
