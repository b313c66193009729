import { readFileSync } from 'node:fs';

export interface ProcessUsage {
  /** User and system, since the process began. */
  cpuSeconds: number;
  rssBytes: number;
}

/** Linux counts in these, on every architecture that Node.js runs on. */
const ticksPerSecond = 100;
const pageBytes = 4_096;

/** `undefined`: there is no such process, or the system does not tell. */
export function readProcessUsage(pid: number): ProcessUsage | undefined {
  const stat = read(pid, 'stat');
  const statm = read(pid, 'statm');
  if (stat === undefined || statm === undefined) return undefined;
  // The name of the program, in parentheses, may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // One that has ended and whose parent has not asked how.
  if (fields[0] === 'Z') return undefined;
  const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  return { cpuSeconds, rssBytes: Number(statm.split(' ')[1]) * pageBytes };
}

/** The processes that this one has started and that have not ended; none where the system does not tell. */
export function childrenOf(pid: number): number[] {
  const text = read(pid, `task/${pid}/children`)?.trim() ?? '';
  return text === '' ? [] : text.split(' ').map(Number);
}

/** The arguments of a process; empty where there is none. */
export function argumentsOf(pid: number): string[] {
  return read(pid, 'cmdline')?.split('\0') ?? [];
}

function read(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}
