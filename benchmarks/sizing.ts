// The sizing table of docs/scaling.md, worked out from measured figures, so that it is renewed with them.
//   npm run sizing -w benchmarks
import { fileURLToPath } from 'node:url';

/** Measured on two virtual cores; docs/scaling.md says by which command. Times are milliseconds of one core. */
export const figures = {
  /** Memory of a worker for each MQTT link over TLS, and without any link. */
  linkKiB: 31.9,
  workerMiB: 100,
  /** A full return: TLS handshake, ticket and session; at the balancer TLS handshake and assignment. */
  workerReturnMs: 1.73,
  balancerReturnMs: 1.33,
  /** Redis, under the fleet's hash tag: a reservation among 20 push servers. Under the device's: everything else. */
  reservationMs: 0.143,
  sessionMs: 0.145,
  workerCommandMs: 0.065,
  balancerCommandMs: 0.02,
  /** Redis' memory for the record of a device, with its entries in six indexes, and for its reservation. */
  deviceBytes: 1_349 + 228,
} as const;

const assumptions = {
  linksPerNode: 50_000,
  /** Everything is to be back so long after the loss of a tenth of the push servers, and at least of one. */
  returnSeconds: 60,
  /** The part of a core that may be used up. */
  utilization: 0.85,
  commandsPerDeviceAndDay: 100,
  /** The busiest hour has so many times the mean. */
  peak: 5,
} as const;

const sizes = [1_000, 10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000, 10_000_000];

const heading = [
  '| devices | push servers | links each, after the loss | cores each | memory each | lost at once | back after | balancers | Redis: share of one core | Redis: memory | commands/s |',
  '|---|---|---|---|---|---|---|---|---|---|---|',
];

function rowOf(devices: number): string {
  const { linksPerNode, returnSeconds, utilization, commandsPerDeviceAndDay, peak } = assumptions;
  // One more than is needed, or there is nowhere to go.
  const nodes = Math.max(2, Math.ceil(devices / linksPerNode) + 1);
  const lost = Math.max(1, Math.floor(nodes / 10));
  const returning = (devices * lost) / nodes;
  const links = devices / (nodes - lost);
  // Reservations are in one slot of Redis: no second one makes them faster.
  const seconds = Math.max(returnSeconds, (returning * figures.reservationMs) / 1_000 / utilization);
  const returnsPerSecond = returning / seconds;
  const commandsPerSecond = (devices * commandsPerDeviceAndDay * peak) / 86_400;
  const coresFor = (returnMs: number, commandMs: number, processes: number) =>
    (returnsPerSecond * returnMs + commandsPerSecond * commandMs) / 1_000 / processes / utilization;
  const cores = Math.max(2, Math.ceil(coresFor(figures.workerReturnMs, figures.workerCommandMs, nodes - lost)));
  const balancers = Math.ceil(coresFor(figures.balancerReturnMs, figures.balancerCommandMs, 1)) + 1;
  const memoryGiB = (links * figures.linkKiB) / 1_048_576 + (cores * figures.workerMiB) / 1_024;
  const redisShare = (returnsPerSecond * (figures.reservationMs + figures.sessionMs)) / 1_000;
  const cells = [
    devices.toLocaleString('en'),
    nodes,
    Math.ceil(links).toLocaleString('en'),
    cores,
    `${memoryGiB.toFixed(1)} GiB`,
    lost,
    `${Math.ceil(seconds)} s`,
    Math.max(2, balancers),
    `${Math.ceil(redisShare * 100)} %`,
    `${((devices * figures.deviceBytes) / 2 ** 20).toFixed(0)} MiB`,
    Math.ceil(commandsPerSecond).toLocaleString('en'),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The lines of the table. */
export function sizingTable(): string[] {
  return [...heading, ...sizes.map(rowOf)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(sizingTable().join('\n'));
