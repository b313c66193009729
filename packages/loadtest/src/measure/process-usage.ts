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
  const fields = statOf(pid);
  const statm = read(pid, 'statm');
  if (fields === undefined || statm === undefined) return undefined;
  // One that has ended and whose parent has not asked how.
  if (fields[0] === 'Z') return undefined;
  const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  return { cpuSeconds, rssBytes: Number(statm.split(' ')[1]) * pageBytes };
}

/** It was stopped (SIGSTOP), and does not go on yet. */
export function isStopped(pid: number): boolean {
  return statOf(pid)?.[0] === 'T';
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

/** It is a worker of a push server, of whatever cluster. */
export function isWorker(pid: number): boolean {
  return argumentsOf(pid).some((argument) => /worker\/main\.[jt]s$/.test(argument));
}

/** `/proc/PID/stat` from the state on; `undefined`: there is no such process. */
function statOf(pid: number): string[] | undefined {
  const stat = read(pid, 'stat');
  // The name of the program, in parentheses, may hold blanks.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function read(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}
