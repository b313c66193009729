import type { admin } from '@pushfleet/protocol';

/** Largest load divided by the mean, of push servers of equal capacity; 1: perfectly even. */
export function largestToMean(nodes: readonly Pick<admin.Node, 'live'>[]): number {
  const lives = nodes.map(({ live }) => live);
  return Math.max(...lives) / (linksOn(nodes) / lives.length);
}

/** How many links they hold together. */
export function linksOn(nodes: readonly Pick<admin.Node, 'live'>[]): number {
  return nodes.reduce((sum, { live }) => sum + live, 0);
}
