import { AttendedClock, type Environment, systemClock } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';
import { say } from '../output/print.ts';
import { Child } from './child.ts';

/** Who stops first. All of a stage stop together. */
const stopOrder = ['fleet', 'push-servers', 'balancer'] as const;
export type Stage = (typeof stopOrder)[number];

/** Longer than a child needs; all stages together stay below ten seconds. */
const stopDeadlineMs: Record<Stage, number> = { fleet: 2_000, 'push-servers': 4_000, balancer: 3_000 };
const shownLogLines = 8;

/**
 * The processes of the cluster. One that ends without being told to is a failure of the whole; one that hangs is told of,
 * and left to whoever looks at it with a debugger.
 */
export class Children implements AsyncDisposable {
  readonly #environment: Environment;
  readonly #logDir: string;
  readonly #running: { child: Child; stage: Stage }[] = [];
  readonly #failed = new AbortController();
  readonly #attended = new AttendedClock({ clock: systemClock });
  #stopping = false;

  constructor(environment: Environment, logDir: string) {
    this.#environment = environment;
    this.#logDir = logDir;
  }

  /** Fires, with an error that says which and why, when a child ends by itself. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  start(stage: Stage, name: string, args: readonly string[], environment: Environment = {}): void {
    const child = new Child({
      name,
      args,
      environment: { ...this.#environment, ...environment },
      logDir: this.#logDir,
      attended: this.#attended,
      onSilent: (silent) =>
        say(`pushfleet: ${silent.name} (process ${silent.pid}) hangs; Ctrl-C ends it with all others`),
    });
    this.#running.push({ child, stage });
    void child.ended.then((how) => this.#onEnd(child, how));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping = true;
    for (const stage of stopOrder) {
      const together = this.#running.filter((running) => running.stage === stage);
      await Promise.all(together.map(({ child }) => child.stop(stopDeadlineMs[stage])));
    }
    this.#attended[Symbol.dispose]();
  }

  #onEnd(child: Child, how: string): void {
    if (this.#stopping) return;
    const lines = child.lastLines(shownLogLines).map((line) => `  ${line}`);
    const text = [`${child.name} is gone: ${how}. The end of ${child.logFile}:`, ...lines].join('\n');
    this.#failed.abort(new CommandFailure(text));
  }
}
