import type { device } from '@pushfleet/protocol';
import type { AskOutcome } from '../assignment/client.ts';
import type { Clock } from '../clock.ts';
import { type Link, type LinkCommand, type LinkEnd, type LinkEvents, linkEnd, type OpenLink } from '../link.ts';
import type { Plan, Step } from '../plan.ts';
import type { DeviceStatus } from '../status.ts';

/** The user of the link. */
export interface LinkUser {
  onLinkUp(link: Link): void;
  onCommand(command: LinkCommand, accept: () => void): void;
  onCancel(commandId: string, reason: string): void;
  onLinkDown(): void;
}

export interface ConnectorOptions {
  plan: Plan;
  ask: (unreachableNodeIds: readonly string[], signal: AbortSignal) => Promise<AskOutcome>;
  open: OpenLink;
  user: LinkUser;
  clock: Clock;
  onStatus: (status: DeviceStatus) => void;
}

type WaitingStep = Exclude<Step, { kind: 'stop' }>;

/** Takes the steps that the plan decides on. At any time it waits, asks, or holds one link. */
export class Connector {
  readonly #options: ConnectorOptions;
  /** The present run; aborted when it ends. Callbacks of an earlier run find it aborted. */
  #run: AbortController | undefined;
  #timer: Disposable | undefined;
  #link: Link | undefined;
  #closing: Promise<void> = Promise.resolve();

  constructor(options: ConnectorOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#run !== undefined) return;
    this.#run = new AbortController();
    this.#take(this.#options.plan.begin());
  }

  /** Resolves when the link has ended. Idempotent. */
  async stop(): Promise<void> {
    const link = this.#link;
    if (this.#endRun({ kind: 'stopped', cause: { reason: 'goodbye', detail: 'the device was asked to stop' } })) {
      this.#closing = link?.close() ?? Promise.resolve();
    }
    await this.#closing;
  }

  #endRun(status: DeviceStatus): boolean {
    if (this.#run === undefined) return false;
    this.#run.abort();
    this.#run = undefined;
    this.#timer?.[Symbol.dispose]();
    if (this.#link !== undefined) this.#options.user.onLinkDown();
    this.#link = undefined;
    this.#options.onStatus(status);
    return true;
  }

  #take(step: Step): void {
    if (step.kind === 'stop') {
      this.#endRun({ kind: 'stopped', cause: step.cause });
      return;
    }
    if (step.delayMs <= 0) return this.#perform(step);
    this.#timer = this.#options.clock.after(step.delayMs, () => this.#perform(step));
    this.#options.onStatus({ kind: 'waiting', forMs: Math.round(step.delayMs), cause: step.cause });
  }

  #perform(step: WaitingStep): void {
    if (this.#run === undefined) return;
    const { signal } = this.#run;
    if (step.kind === 'open') return this.#open(step.server, step.ticket, signal);
    this.#options.onStatus({ kind: 'assigning' });
    // A status listener may have stopped the device.
    if (signal.aborted) return;
    this.#options.ask(step.unreachableNodeIds, signal).then(
      (outcome) => {
        if (!signal.aborted) this.#take(this.#options.plan.onAsked(outcome));
      },
      // Only the signal rejects: the run is over.
      () => undefined,
    );
  }

  #open(server: device.Server, ticket: string, signal: AbortSignal): void {
    this.#options.onStatus({ kind: 'connecting', server });
    if (signal.aborted) return;
    try {
      this.#link = this.#options.open(server, ticket, this.#eventsOf(server, signal));
    } catch (error) {
      // An address that is none.
      const end = linkEnd('linkLost', error instanceof Error ? error.message : String(error));
      this.#take(this.#options.plan.onEnded(server, end, undefined));
    }
  }

  #eventsOf(server: device.Server, signal: AbortSignal): LinkEvents {
    const { user, clock, plan, onStatus } = this.#options;
    let upSinceMs: number | undefined;
    return {
      welcomed: () => {
        if (signal.aborted || this.#link === undefined) return;
        upSinceMs = clock.now();
        user.onLinkUp(this.#link);
        onStatus({ kind: 'connected', server });
      },
      command: (command, accept) => {
        if (!signal.aborted) user.onCommand(command, accept);
      },
      cancel: (commandId, reason) => {
        if (!signal.aborted) user.onCancel(commandId, reason);
      },
      ended: (end: LinkEnd) => {
        if (signal.aborted) return;
        this.#link = undefined;
        user.onLinkDown();
        this.#take(plan.onEnded(server, end, upSinceMs === undefined ? undefined : clock.now() - upSinceMs));
      },
    };
  }
}
