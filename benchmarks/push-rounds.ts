import type { AdminClient } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import { quantile } from './quantiles.ts';

/** The results of the pushes of one measurement. */
export interface Round {
  /** Milliseconds, one for each push that ended as wanted. */
  latencies: number[];
  failed: number;
  elapsedS: number;
}

export interface RoundOptions {
  client: AdminClient;
  seconds: number;
  /** The push with this number. */
  request(index: number): admin.PushRequestInit;
  /** Outcomes that count as done; any other is a failure. */
  wanted?: readonly (string | undefined)[];
}

const succeeded = ['OUTCOME_SUCCEEDED'];

/** Unary calls, so many at a time. */
export async function unary({ client, seconds, request, wanted }: RoundOptions, concurrency: number): Promise<Round> {
  const round: Round = { latencies: [], failed: 0, elapsedS: 0 };
  const begun = performance.now();
  const until = begun + seconds * 1_000;
  let next = 0;
  const run = async () => {
    while (performance.now() < until) {
      const from = performance.now();
      const { status } = await client.commands.push(request(next++));
      record(round, status?.outcome, performance.now() - from, wanted);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, run));
  round.elapsedS = (performance.now() - begun) / 1_000;
  return round;
}

/** One PushStream, with so many commands under way. */
export async function stream({ client, seconds, request, wanted }: RoundOptions, inFlight: number): Promise<Round> {
  const round: Round = { latencies: [], failed: 0, elapsedS: 0 };
  const begun = performance.now();
  const until = begun + seconds * 1_000;
  const sentAt = new Map<admin.PushRequestInit, number>();
  function* requests() {
    for (let index = 0; performance.now() < until; index += 1) {
      const made = request(index);
      sentAt.set(made, performance.now());
      yield made;
    }
  }
  for await (const answer of client.commands.pushMany(requests(), { inFlight })) {
    const tookMs = performance.now() - (sentAt.get(answer.request) as number);
    sentAt.delete(answer.request);
    record(round, 'response' in answer ? answer.response?.status?.outcome : undefined, tookMs, wanted);
  }
  round.elapsedS = (performance.now() - begun) / 1_000;
  return round;
}

function record(round: Round, outcome: string | undefined, tookMs: number, wanted: RoundOptions['wanted']): void {
  if ((wanted ?? succeeded).includes(outcome)) round.latencies.push(tookMs);
  else round.failed += 1;
}

/** CPU seconds that each of the groups of processes has used so far. */
export type CpuMeter = () => Promise<Record<string, number>>;

/** The figures of one measurement. */
export interface Case {
  name: string;
  ratePerSecond: number;
  p50Ms: number;
  p99Ms: number;
  failed: number;
  /** CPU time per command in microseconds, by group of processes. */
  cpuUs: Record<string, number>;
}

/** Prints commands per second, latencies, and the CPU time of a command in each process. */
export async function measure(name: string, cpu: CpuMeter, run: () => Promise<Round>): Promise<void> {
  const before = await cpu();
  const { latencies, failed, elapsedS } = await run();
  const after = await cpu();
  const done = latencies.length;
  const costs = Object.entries(after).map(([group, used]) => [group, ((used - (before[group] ?? 0)) / done) * 1e6]);
  printCase({
    ...{ name, failed, ratePerSecond: done / elapsedS },
    ...{ p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) },
    cpuUs: Object.fromEntries(costs),
  });
}

/** `readCases` reads it. */
function printCase({ name, ratePerSecond, p50Ms, p99Ms, failed, cpuUs }: Case): void {
  const latency = `p50 ${p50Ms.toFixed(2)} ms  p99 ${p99Ms.toFixed(2)} ms`;
  console.log(`${name.padEnd(30)} ${Math.round(ratePerSecond)}/s  ${latency}  failed ${failed}`);
  const costs = Object.entries(cpuUs).map(([group, us]) => `${group} ${us.toFixed(us < 100 ? 1 : 0)}`);
  console.log(`${''.padEnd(30)} CPU µs per command: ${costs.join(', ')}`);
}
