import type { ScenarioName, ScenarioOptions } from './scenarios.ts';

type Size = Pick<ScenarioOptions, 'nodes' | 'sites'>;

const mostSites = 10;

/** So many sites that each has as many push servers, and a second one where there are enough; ten at most. */
export function fittingSites(nodes: number): number {
  for (let sites = Math.min(mostSites, Math.floor(nodes / 2)); sites > 1; sites -= 1)
    if (nodes % sites === 0) return sites;
  return 1;
}

/** Why a scenario cannot be played in that size, for people; `undefined`: it can. */
export function misfitOf(scenario: ScenarioName, size: Size): string | undefined {
  const { nodes, sites } = size;
  if (scenario === 'impatient') return undefined;
  if (nodes < 2) return 'somebody has to take the devices: at least two push servers (--nodes)';
  if (nodes % sites !== 0) return `${nodes} push servers cannot be spread evenly over ${sites} sites (--sites)`;
  if (scenario === 'lose-site' && sites < 2) return 'another site has to take the devices: at least two (--sites)';
  if (scenario === 'slow-node' && nodes < 2 * sites) return 'at least two push servers in each site (--nodes, --sites)';
  return undefined;
}
