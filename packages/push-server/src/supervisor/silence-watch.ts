import { readFileSync } from 'node:fs';
import type { AttendedTime } from '@pushfleet/runtime';
import { lastSilenceFactor } from '../settings.ts';

/** The state of a process, as the system has it. */
export interface ProcessState {
  /** It was stopped, e.g. by SIGSTOP or a debugger. */
  isStopped: boolean;
  /** Processor time that it has used since it began, in milliseconds. */
  cpuMs: number;
}

export interface SilenceWatchOptions {
  /** The state of the process; `undefined`: the system does not say. */
  readState(): ProcessState | undefined;
  /** Silence after which the process counts as hung. */
  hungAfterMs: number;
  attended: AttendedTime;
}

/**
 * `set-aside`: it may wake, so it keeps what it has and another one does its work. `kill`: it does not wake any more, or has had
 * long enough for that.
 */
export type SilenceVerdict = 'wait' | 'set-aside' | 'kill';

/** A starting worker may be silent this many times longer: the system has to start a process, which has much to load. */
const startingFactor = 3;
/** Silence after which it is watched how much processor time is used. Workers send several messages a second. */
const watchedAfterMs = 1_000;
/** The part of the time that makes a process hung, spent computing without a word: no turn of an event loop takes that. */
const loopShare = 0.5;

/**
 * Judges the silence of a worker by what its process does meanwhile. An endless loop uses the processor and ends with its process
 * only. One that is stopped, blocked or starved may go on, with all its links.
 */
export class SilenceWatch {
  readonly #options: SilenceWatchOptions;
  #heardAtMs: number;
  /** Processor time at the beginning of the silence, or when the process was seen stopped last. */
  #cpuBeforeMs: number | undefined;

  constructor(options: SilenceWatchOptions) {
    this.#options = options;
    this.#heardAtMs = options.attended.now();
  }

  onHeard(): void {
    this.#heardAtMs = this.#options.attended.now();
    this.#cpuBeforeMs = undefined;
  }

  /** How long it has been silent while we listened, in milliseconds. */
  get silentMs(): number {
    return this.#options.attended.now() - this.#heardAtMs;
  }

  /** To be asked several times a second. @param isReady It has started: only then it has anything to keep. */
  judge(isReady: boolean): SilenceVerdict {
    const { hungAfterMs } = this.#options;
    const { silentMs } = this;
    if (!isReady) return silentMs < startingFactor * hungAfterMs ? 'wait' : 'kill';
    const computedMs = silentMs < watchedAfterMs ? 0 : this.#computedMs();
    if (silentMs < hungAfterMs) return 'wait';
    if (computedMs === undefined || computedMs >= loopShare * hungAfterMs) return 'kill';
    return silentMs < lastSilenceFactor * hungAfterMs ? 'set-aside' : 'kill';
  }

  /** Processor time used in this silence, after the process was stopped if it was; `undefined`: the system does not say. */
  #computedMs(): number | undefined {
    const state = this.#options.readState();
    if (!state) return undefined;
    if (state.isStopped || this.#cpuBeforeMs === undefined) this.#cpuBeforeMs = state.cpuMs;
    return state.cpuMs - this.#cpuBeforeMs;
  }
}

/** Linux counts processor time in hundredths of a second for its users, whatever the kernel does. */
const msPerTick = 10;

/** The state of a process by /proc; `undefined`: there is none, or no such process. */
export function readProcessState(pid: number): ProcessState | undefined {
  try {
    return parseProcessState(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param stat The content of /proc/PID/stat. The name of the program, in parentheses, may contain anything. */
export function parseProcessState(stat: string): ProcessState | undefined {
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // proc(5): the state is field 3, utime 14 and stime 15.
  const cpuMs = (Number(fields[10]) + Number(fields[11])) * msPerTick;
  if (state === undefined || !Number.isFinite(cpuMs)) return undefined;
  return { isStopped: state === 'T' || state === 't', cpuMs };
}
