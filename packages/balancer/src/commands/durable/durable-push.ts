import { hasEnded, isConfirmed } from '@pushfleet/protocol';
import type { NewCommand, StoredCommand, StoredStatus } from '@pushfleet/registry';
import type { Caller } from '../caller.ts';
import type { AwaitedStep } from '../push.ts';
import type { CommandRef, DurableFollower } from '../push-desk.ts';

/** One durable command and the caller that waits for it. */
export class DurablePush {
  readonly command: NewCommand;
  readonly caller: Caller;
  readonly #wait: AwaitedStep;
  readonly #tag: number;
  readonly #onTold: (push: DurablePush) => void;
  /** What it follows, which is another command where the idempotency key was known. */
  #ref: CommandRef | undefined;
  #status: StoredStatus | undefined;
  #nodeId = '';
  readonly follower: DurableFollower = (_ref, status, nodeId) => this.#onStatus(status, nodeId);

  /** @param onTold Called once, when the caller has been told or need not be. */
  constructor(
    command: NewCommand,
    wait: AwaitedStep,
    caller: Caller,
    tag: number,
    onTold: (push: DurablePush) => void,
  ) {
    this.command = command;
    this.caller = caller;
    this.#wait = wait;
    this.#tag = tag;
    this.#onTold = onTold;
  }

  /** What is to be followed no more; `undefined`: nothing is yet. */
  get ref(): CommandRef | undefined {
    return this.#ref;
  }

  /** The registry has it. `true`: there is something to wait for. */
  onStored(stored: StoredCommand): boolean {
    this.#ref = { device: stored.device, id: stored.id };
    this.#status = stored.status;
    this.#nodeId = stored.nodeId;
    if (!this.#hasReached(stored.status)) return true;
    this.answer();
    return false;
  }

  /** With what is known now. */
  answer(): void {
    const { id, device } = this.#ref ?? this.command;
    this.#onTold(this);
    const nodeId = this.#nodeId;
    this.caller.onAnswer(this.#tag, { commandId: id, deviceId: device, status: this.#status ?? null, nodeId });
  }

  refuse(error: unknown): void {
    this.#onTold(this);
    this.caller.onRefused(this.#tag, error);
  }

  #onStatus(status: StoredStatus, nodeId: string): void {
    this.#status = status;
    this.#nodeId = nodeId;
    if (this.#hasReached(status)) this.answer();
  }

  #hasReached({ outcome }: StoredStatus): boolean {
    if (hasEnded(outcome) || this.#wait === 'accepted') return true;
    return this.#wait === 'delivered' && isConfirmed(outcome);
  }
}
