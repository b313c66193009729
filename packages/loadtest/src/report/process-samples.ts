import type { ProcessRole, ProcessUse } from './load-report.ts';
import { SampledColumns } from './sampled-columns.ts';

export interface ProcessSample {
  role: ProcessRole;
  /** E.g. `lp-0/w1`. */
  name: string;
  pid: number;
  /** CPU time that the process has used since it began, user and system, in seconds. */
  cpuSeconds: number;
  rssBytes: number;
}

/** How late the event loop of a process has been since it began. */
export interface LagFigures {
  p99Ms: number;
  maxMs: number;
}

interface Process extends Pick<ProcessSample, 'role' | 'name' | 'pid'> {
  samples: SampledColumns<'cpuSeconds' | 'rssBytes'>;
  first: number;
  last: number;
  peakRssBytes: number;
  endedAtMs: number | null;
  lag: LagFigures | undefined;
}

/** CPU and memory of the processes of a run, over time. */
export class ProcessSamples {
  readonly #processes = new Map<number, Process>();

  add(atMs: number, sample: ProcessSample): void {
    const process = this.#processes.get(sample.pid) ?? this.#begin(sample);
    process.samples.add(atMs, { cpuSeconds: sample.cpuSeconds, rssBytes: sample.rssBytes });
    process.last = sample.cpuSeconds;
    process.peakRssBytes = Math.max(process.peakRssBytes, sample.rssBytes);
  }

  /** The process was found to have ended. */
  end(pid: number, atMs: number): void {
    const process = this.#processes.get(pid);
    if (process) process.endedAtMs ??= atMs;
  }

  /** How late its event loop has been so far, where it says so. */
  setLag(pid: number, lag: LagFigures): void {
    const process = this.#processes.get(pid);
    if (process) process.lag = lag;
  }

  /** CPU that processes of these roles used during the run so far, in seconds; `null` if there is none. */
  cpuSeconds(roles: readonly ProcessRole[]): number | null {
    const found = this.#of(roles);
    return found.length === 0 ? null : found.reduce((sum, { first, last }) => sum + last - first, 0);
  }

  /** CPU that processes of these roles used between two times of the run, in seconds, as far as the samples tell. */
  cpuSecondsBetween(roles: readonly ProcessRole[], fromMs: number, toMs: number): number | null {
    const found = this.#of(roles);
    if (found.length === 0) return null;
    return found.reduce((sum, process) => sum + cpuAt(process, toMs) - cpuAt(process, fromMs), 0);
  }

  /** Cores that processes of these roles used between their last two samples; `null` if there are none. */
  coresNow(roles: readonly ProcessRole[]): number | null {
    const found = this.#of(roles).filter(({ endedAtMs }) => endedAtMs === null);
    const cores = found.flatMap((process) => useOf(process, process.name).cores.at(-1) ?? []);
    return cores.length === 0 ? null : cores.reduce((sum, value) => sum + value, 0);
  }

  /** Resident memory of processes of these roles at a time of the run, in bytes; of those that lived then. */
  rssBytesAt(roles: readonly ProcessRole[], atMs: number): number | null {
    const found = this.#of(roles).filter(({ endedAtMs }) => endedAtMs === null || endedAtMs > atMs);
    const values = found.map(({ samples }) => valueAt(samples.atMs, samples.columns.rssBytes, atMs));
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
  }

  /** Samples until now: those that are added later are not in it. */
  uses(): ProcessUse[] {
    const seen = new Map<string, number>();
    return [...this.#processes.values()].map((process) => {
      const lives = (seen.get(process.name) ?? 0) + 1;
      seen.set(process.name, lives);
      return useOf(process, lives > 1 ? `${process.name} (${lives})` : process.name);
    });
  }

  #of(roles: readonly ProcessRole[]): Process[] {
    return [...this.#processes.values()].filter(({ role }) => roles.includes(role));
  }

  #begin({ role, name, pid, cpuSeconds }: ProcessSample): Process {
    const samples = new SampledColumns(['cpuSeconds', 'rssBytes']);
    const process: Process = {
      ...{ role, name, pid, samples },
      ...{ first: cpuSeconds, last: cpuSeconds, peakRssBytes: 0, endedAtMs: null, lag: undefined },
    };
    this.#processes.set(pid, process);
    return process;
  }
}

const cpuAt = ({ samples }: Process, atMs: number) => valueAt(samples.atMs, samples.columns.cpuSeconds, atMs);

/** On the straight line between the samples around; the first or last one beyond them. */
function valueAt(times: readonly number[], values: readonly (number | null)[], atMs: number): number {
  const after = times.findIndex((time) => time >= atMs);
  if (after === 0) return values[0] ?? 0;
  if (after < 0) return values.at(-1) ?? 0;
  const [t0 = 0, t1 = 0] = [times[after - 1], times[after]];
  const [v0, v1] = [values[after - 1] ?? 0, values[after] ?? 0];
  return v0 + ((v1 - v0) * (atMs - t0)) / (t1 - t0);
}

function useOf(process: Process, name: string): ProcessUse {
  const { role, pid, samples, first, last, peakRssBytes, endedAtMs, lag } = process;
  const { atMs, columns } = samples;
  const cores = atMs.map((at, index) => {
    const elapsedMs = at - (atMs[index - 1] ?? at);
    if (elapsedMs <= 0) return null;
    const used = (columns.cpuSeconds[index] ?? 0) - (columns.cpuSeconds[index - 1] ?? 0);
    return roundTo((used * 1000) / elapsedMs, 3);
  });
  const cpuSeconds = roundTo(last - first, 3);
  return {
    ...{ role, name, pid, cpuSeconds, peakRssBytes, endedAtMs },
    ...{ lagP99Ms: lag?.p99Ms ?? null, lagMaxMs: lag?.maxMs ?? null },
    ...{ atMs: [...atMs], cores, rssBytes: [...columns.rssBytes] },
  };
}

function roundTo(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
