import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';

/** Prints the machine that the figures below were measured on, and the command. */
export function printHeader(benchmark: string): void {
  console.log(`$ ${['npm run', benchmark, '-w benchmarks --', ...process.argv.slice(2)].join(' ')}`);
  console.log(describeMachine());
}

function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown CPU';
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores (${model}), ${gib} GiB, Linux ${release()}, Node.js ${process.versions.node}`;
}

/** CPU time that a process has used. */
export interface CpuTimes {
  userMs: number;
  systemMs: number;
}

export function cpuTimes(pid: number): CpuTimes {
  // The command name, in parentheses, may hold blanks.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  const msPerTick = 10;
  return { userMs: Number(fields[11]) * msPerTick, systemMs: Number(fields[12]) * msPerTick };
}

/** CPU time that a process has used, user and system, in seconds. */
export function cpuSeconds(pid: number): number {
  const { userMs, systemMs } = cpuTimes(pid);
  return (userMs + systemMs) / 1_000;
}
