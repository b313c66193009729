import { randomUUID } from 'node:crypto';
import type { CommandId } from '@pushfleet/protocol';
import { type Clock, momentOf } from '@pushfleet/runtime';
import type { Caller } from './caller.ts';
import { acceptTerms } from './courier/outgoing.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { DurableDesk } from './durable/durable-desk.ts';
import { DurablePush } from './durable/durable-push.ts';
import type { PendingCommand } from './pending-command.ts';
import type { Push } from './push.ts';

/** Where pushes come in, of either kind. */
export class PushEntry {
  readonly #direct: Dispatcher;
  readonly #durable: DurableDesk;
  readonly #clock: Clock;

  constructor(direct: Dispatcher, durable: DurableDesk, clock: Clock) {
    this.#direct = direct;
    this.#durable = durable;
    this.#clock = clock;
  }

  /** The caller is told, perhaps before this returns. */
  take(push: Push, caller: Caller, tag: number): PendingCommand | DurablePush {
    if (push.durable) return this.#durable.push(push, push.durable, caller, tag);
    return this.start(push, randomUUID() as string as CommandId, caller, tag);
  }

  /** A direct command. */
  start(push: Push, id: CommandId, caller: Caller, tag: number): PendingCommand {
    const { deviceId: device, wait } = push;
    const terms = acceptTerms(push, momentOf(this.#clock));
    return this.#direct.start({ id, device, terms, wait, caller, tag });
  }

  /** The caller no longer waits for it; that changes nothing for the command. */
  letGo(command: PendingCommand | DurablePush): void {
    if (command instanceof DurablePush) this.#durable.letGo(command);
    else this.#direct.letGo(command);
  }

  /** The same for all of its commands. */
  onCallerGone(caller: Caller): void {
    this.#direct.onCallerGone(caller);
    this.#durable.onCallerGone(caller);
  }
}
