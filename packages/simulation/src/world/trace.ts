import { createHash } from 'node:crypto';

/** Something that happened. `device` and `command` are there where it concerns one. */
export interface TraceEvent {
  readonly atMs: number;
  /** The process, host or part of the world that it happened to. */
  readonly who: string;
  readonly what: string;
  readonly device?: string | undefined;
  readonly command?: string | undefined;
}

/** All that happened, in order. */
export class Trace {
  readonly #events: TraceEvent[] = [];
  readonly #digest = createHash('sha256');

  add(event: TraceEvent): void {
    this.#events.push(event);
    this.#digest.update(`${formatEvent(event)}\n`);
  }

  get size(): number {
    return this.#events.length;
  }

  get events(): readonly TraceEvent[] {
    return this.#events;
  }

  /** Names the whole trace: two runs with the same digest saw the same. */
  digest(): string {
    return this.#digest.copy().digest('hex');
  }

  /** The events that concern a device or a command, and the faults; the last `most` of them. */
  concerning(
    subject: { device?: string | undefined; command?: string | undefined; who?: string | undefined },
    most = 60,
  ): TraceEvent[] {
    const concerns = ({ who, device, command }: TraceEvent) =>
      who === 'fault' ||
      (subject.device !== undefined && device === subject.device) ||
      (subject.command !== undefined && command === subject.command) ||
      (subject.who !== undefined && who === subject.who);
    return this.#events.filter(concerns).slice(-most);
  }
}

/** One line, with the time in seconds. */
export function formatEvent({ atMs, who, what, device, command }: TraceEvent): string {
  const subject = [device, command].filter(Boolean).join(' ');
  return `${(atMs / 1_000).toFixed(3).padStart(10)} ${who.padEnd(12)} ${what}${subject ? ` [${subject}]` : ''}`;
}
