import { type CommandId, isDurable } from '@pushfleet/protocol';
import type { CancelResult, NewCommand, PutResult } from '@pushfleet/registry';
import { type Clock, momentOf } from '@pushfleet/runtime';
import { SingleCaller } from './caller.ts';
import { acceptTerms } from './courier/outgoing.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { DurableDesk } from './durable/durable-desk.ts';
import type { Push } from './push.ts';
import type { CommandRef, DirectFollower, DurableFollower, PushAnswer, PushDesk, SharedPush } from './push-desk.ts';
import type { PushEntry } from './push-entry.ts';

/** The balancer's own way to send commands. */
export class Desk implements PushDesk {
  readonly #direct: Dispatcher;
  readonly #durable: DurableDesk;
  readonly #entry: PushEntry;
  readonly #clock: Clock;

  constructor(direct: Dispatcher, durable: DurableDesk, entry: PushEntry, clock: Clock) {
    this.#direct = direct;
    this.#durable = durable;
    this.#entry = entry;
    this.#clock = clock;
  }

  async pushDirect(push: Omit<Push, 'id'>, id: CommandId): Promise<PushAnswer> {
    const caller = new SingleCaller();
    const command = this.#entry.start(push, id, caller, 0);
    await caller.answer;
    const { device, status, nodeId } = command;
    return { device, id, status, nodeId };
  }

  pushManyDirect(commands: readonly CommandRef[], shared: SharedPush, follower: DirectFollower): void {
    const terms = acceptTerms(shared, momentOf(this.#clock));
    for (const { device, id } of commands) {
      this.#direct.start({ id, device, terms, wait: 'finished', follower });
    }
  }

  putMany(commands: readonly NewCommand[], follower: DurableFollower): Promise<PutResult[]> {
    return this.#durable.putMany(commands, follower);
  }

  follow(commands: readonly CommandRef[], follower: DurableFollower): void {
    for (const command of commands) this.#durable.follows.ask(command, follower);
  }

  unfollow(commands: readonly CommandRef[], follower: DurableFollower): void {
    for (const command of commands) this.#durable.follows.remove(command, follower);
  }

  async cancel(ref: CommandRef, reason: string): Promise<CancelResult['kind']> {
    if (isDurable(ref.id)) return (await this.#durable.cancel(ref, reason)).kind;
    const before = this.#direct.find(ref.device, ref.id)?.state.kind;
    const command = this.#direct.cancel(ref.device, ref.id, reason);
    if (!command) return 'unknown';
    if (before === 'ended') return 'ended';
    return command.state.kind === 'ended' ? 'cancelled' : 'asked';
  }
}
