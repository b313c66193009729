import { randomUUID } from 'node:crypto';
import type { CommandId } from '@pushfleet/protocol';
import { type Clock, momentOf } from '@pushfleet/runtime';
import type { Caller } from './caller.ts';
import { acceptTerms } from './courier/outgoing.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { DurableDesk } from './durable/durable-desk.ts';
import { DurablePush } from './durable/durable-push.ts';
import { fingerprint } from './fingerprint.ts';
import { JoinedPush } from './joined-push.ts';
import { PendingCommand } from './pending-command.ts';
import type { Push } from './push.ts';
import type { SharedPush } from './push-desk.ts';
import { alreadyTaken } from './refusal.ts';

/** Where pushes come in, of either kind. */
export class PushEntry {
  readonly #direct: Dispatcher;
  readonly #durable: DurableDesk;
  readonly #clock: Clock;
  readonly #joined = new Set<JoinedPush>();

  constructor(direct: Dispatcher, durable: DurableDesk, clock: Clock) {
    this.#direct = direct;
    this.#durable = durable;
    this.#clock = clock;
  }

  /** The caller is told, perhaps before this returns. `undefined`: that it is refused. */
  take(push: Push, caller: Caller, tag: number): TakenPush | undefined {
    if (push.durable) return this.#durable.push(push, push.durable, caller, tag);
    const known = push.id && this.#direct.known(push.id);
    if (known) return this.#join(known, push, caller, tag);
    if (push.id) return this.start(push, push.id, caller, tag, { isNamed: true });
    return this.start(push, randomUUID() as string as CommandId, caller, tag);
  }

  /** A direct command. */
  start(
    push: Omit<Push, 'id'>,
    id: CommandId,
    caller: Caller,
    tag: number,
    { isNamed = false }: { isNamed?: boolean } = {},
  ): PendingCommand {
    const { deviceId: device, wait } = push;
    const terms = acceptTerms(push, momentOf(this.#clock));
    return this.#direct.start({ id, device, terms, wait, caller, tag, isNamed });
  }

  /** The caller no longer waits for it. A direct command that is not on its way yet is withdrawn. */
  letGo(taken: TakenPush): void {
    if (taken instanceof DurablePush) return this.#durable.letGo(taken);
    if (taken instanceof PendingCommand) return this.#direct.letGo(taken);
    this.#joined.delete(taken);
    taken.leave();
    this.#direct.letGo(taken.command);
  }

  /** The same for all of its commands. */
  onCallerGone(caller: Caller): void {
    for (const joined of this.#joined) if (joined.caller === caller) this.letGo(joined);
    this.#direct.onCallerGone(caller);
    this.#durable.onCallerGone(caller);
  }

  #join(command: PendingCommand, push: Push, caller: Caller, tag: number): JoinedPush | undefined {
    if (command.device !== push.deviceId || askedFor(command.terms) !== askedFor(push)) {
      return void caller.onRefused(tag, alreadyTaken('command_id', 'another direct command'));
    }
    const joined = new JoinedPush(command, push.wait, caller, tag, () => this.#joined.delete(joined));
    if (joined.isWaiting) this.#joined.add(joined);
    return joined;
  }
}

/** What a caller waits for. */
export type TakenPush = PendingCommand | JoinedPush | DurablePush;

function askedFor({ operation, deliverWithinMs, finishWithinMs }: SharedPush): string {
  return fingerprint({ operation, deliverWithinMs, finishWithinMs });
}
