// CPU that a device costs which comes back, by process: the TLS handshake, ticket and session, and the goodbye to its link before; with
// the ticket that it still has, and with one that it asks a balancer for. Full and resumed handshakes, beside those of `node:tls` alone,
// all in turn. What the processes use while nobody comes is left out. `--base` measures another commit as well, in the same turns.
//   npm run accepts -w benchmarks -- [--base <ref>] [--links mqtt5,grpc] [--rounds 3] [--seconds 4] [--rate 80] [--devices 300]
//     [--registry redis|embedded] [--assign-connections each|shared]
import { ArrivalSite, type ArrivalSiteOptions, type CpuMs, type ReturnKind } from './arrival-site.ts';
import { BareHandshakes } from './bare-tls.ts';
import { comparedTrees } from './base-tree.ts';
import type { LinkKind } from './lean-fleet.ts';
import { printHeader } from './machine.ts';
import { amount, choice, choices, readOptions, registryOption, text, whole } from './options.ts';
import { quantile } from './quantiles.ts';

const values = readOptions('accepts', {
  base: text(),
  links: choices('mqtt5', 'grpc'),
  rounds: whole(3, 1, 1_000),
  seconds: amount(4, 1, 86_400),
  rate: amount(80, 0.1, 100_000),
  devices: whole(300, 1, 1_000_000),
  registry: registryOption('redis'),
  'assign-connections': choice('each', ['each', 'shared']),
});
const { rounds, seconds, rate } = values;
const kinds: readonly ReturnKind[] = [false, true].flatMap((resumes) =>
  [false, true].map((asks) => ({ resumes, asks })),
);
const warmUpSeconds = 5;

/** The samples of one kind of return on one tree. */
interface Row {
  name: string;
  resumes: boolean;
  returns: number;
  resumed: number;
  costs: CpuMs[];
}

interface Samples {
  bareMs: Record<'full' | 'resumed', number[]>;
  rows: Map<string, Row>;
}

async function measureLinks(link: LinkKind, trees: ReadonlyMap<string, string>): Promise<void> {
  const options: ArrivalSiteOptions = {
    ...{ link, devices: values.devices, rate },
    registry: values.registry,
    assignConnections: values['assign-connections'],
  };
  await using stack = new AsyncDisposableStack();
  const bare = stack.use(await BareHandshakes.create());
  const sites = new Map<string, ArrivalSite>();
  for (const [name, root] of trees) sites.set(name, stack.use(await ArrivalSite.create(root, options)));
  for (const site of sites.values()) await warmUp(site);
  const samples: Samples = { bareMs: { full: [], resumed: [] }, rows: new Map() };
  for (let round = 0; round < rounds; round += 1) {
    for (const site of sites.values()) await site.measureIdle(seconds);
    for (const kind of kinds) await measureInTurn(samples, bare, sites, kind);
  }
  print(link, samples);
}

/** Code that has run often enough is compiled, in every process. */
async function warmUp(site: ArrivalSite): Promise<void> {
  await site.measureIdle(seconds);
  for (const kind of kinds) await site.measure(kind, warmUpSeconds);
  site.forgetIdle();
}

async function measureInTurn(
  { bareMs, rows }: Samples,
  bare: BareHandshakes,
  sites: ReadonlyMap<string, ArrivalSite>,
  kind: ReturnKind,
): Promise<void> {
  if (!kind.asks) bareMs[nameOf(kind.resumes)].push(await bare.measure(kind.resumes, rate * seconds));
  for (const [name, site] of sites) add(rows, name, kind, await site.measure(kind, seconds));
}

function add(
  rows: Map<string, Row>,
  tree: string,
  { resumes, asks }: ReturnKind,
  { returns, resumed, cpuMs }: Awaited<ReturnType<ArrivalSite['measure']>>,
): void {
  const name = [asks ? 'assigned anew' : 'with its ticket', nameOf(resumes), tree].join(', ');
  const row = rows.get(name) ?? { name, resumes, returns: 0, resumed: 0, costs: [] };
  rows.set(name, row);
  row.returns += returns;
  row.resumed += resumed;
  row.costs.push(cpuMs);
}

function print(link: LinkKind, { bareMs, rows }: Samples): void {
  for (const resumes of [false, true]) {
    const bare = quantile(bareMs[nameOf(resumes)], 0.5);
    console.log(`${link}: bare node:tls, ${nameOf(resumes)}  ${bare.toFixed(2)} ms`);
    for (const row of rows.values()) if (row.resumes === resumes) printRow(row, bare);
  }
}

function nameOf(resumes: boolean): 'full' | 'resumed' {
  return resumes ? 'resumed' : 'full';
}

function printRow({ name, returns, resumed, costs }: Row, bareMs: number): void {
  const sums = costs.map((cost) =>
    Object.values(cost).reduce((sum, { userMs, systemMs }) => sum + userMs + systemMs, 0),
  );
  const all = quantile(sums, 0.5);
  const parts = Object.keys(costs[0] ?? {}).map((process) => {
    const [user, system] = (['userMs', 'systemMs'] as const).map((part) =>
      quantile(
        costs.map((cost) => cost[process]?.[part] ?? 0),
        0.5,
      ),
    ) as [number, number];
    return `${process} ${(user + system).toFixed(2)} (${user.toFixed(2)} + ${system.toFixed(2)})`;
  });
  const spread = `${Math.min(...sums).toFixed(2)}–${Math.max(...sums).toFixed(2)}`;
  const share = `${Math.round((100 * resumed) / returns)} % resumed`;
  console.log(
    `  ${name.padEnd(32)} ${all.toFixed(2)} ms (${spread}), ${(all / bareMs).toFixed(1)} × bare: ${parts.join(', ')}`,
  );
  console.log(`  ${''.padEnd(32)} ${share}, ${returns} returns`);
}

await using stack = new AsyncDisposableStack();
const trees = comparedTrees(values.base, stack);
printHeader('accepts');
console.log(
  `${values.devices} devices on one worker, ${rate} of them leave each second and come back; ${values.registry} registry; ` +
    `CPU per return, user + system, medians of ${rounds} rounds of ${seconds} s`,
);
for (const link of values.links) await measureLinks(link, trees);
