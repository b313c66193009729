import type { Case } from './push-rounds.ts';

// A case in which nothing succeeded has figures that are no numbers.
const headline = /^(\S.*?) {2,}(\d+)\/s {2}p50 (\S+) ms {2}p99 (\S+) ms {2}failed (\d+)$/;
const costLine = /^ +CPU µs per command: (.+)$/;

/**
 * Reads what `printCase` has printed, of this commit or an older one.
 * @throws Error where there is no case, so that another form of output does not go unnoticed.
 */
export function readCases(output: string): Case[] {
  const cases: Case[] = [];
  for (const line of output.split('\n')) {
    const [, name, rate, p50, p99, failed] = headline.exec(line) ?? [];
    const last = cases.at(-1);
    const costs = costLine.exec(line)?.[1];
    if (name) {
      const figures = { ratePerSecond: Number(rate), p50Ms: Number(p50), p99Ms: Number(p99), failed: Number(failed) };
      cases.push({ name, ...figures, cpuUs: {} });
    } else if (costs && last) last.cpuUs = readCosts(costs);
  }
  if (cases.length > 0 && cases.every(({ cpuUs }) => Object.keys(cpuUs).length > 0)) return cases;
  throw new Error(`no cases in the output of the benchmark:\n${output}`);
}

function readCosts(text: string): Record<string, number> {
  return Object.fromEntries(
    text.split(', ').map((cost) => {
      const [, group = '', us] = /^(.+) (\S+)$/.exec(cost) ?? [];
      return [group, Number(us)];
    }),
  );
}
