import { type CommandId, isDurable } from '@pushfleet/protocol';
import type { Commands, NewCommand } from '@pushfleet/registry';
import { type Clock, momentOf } from '@pushfleet/runtime';
import { acceptTerms } from './courier/outgoing.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { DurableDesk } from './durable/durable-desk.ts';
import type {
  Cancellation,
  CommandEngine,
  CommandListener,
  CommandRecord,
  CommandRef,
  CommandTerms,
  Subscription,
} from './engine.ts';
import type { PendingCommand } from './pending-command.ts';
import type { DirectFollower, DurableFollower } from './push-desk.ts';

/** The part of the engine that the rest of the balancer uses so far. */
export class EngineAdapter implements Omit<CommandEngine, 'submit' | 'onReport' | 'drain'> {
  readonly #direct: Dispatcher;
  readonly #durable: DurableDesk;
  readonly #commands: Pick<Commands, 'get'>;
  readonly #clock: Clock;
  readonly #followers = new WeakMap<CommandListener, DurableFollower>();

  constructor(direct: Dispatcher, durable: DurableDesk, commands: Pick<Commands, 'get'>, clock: Clock) {
    this.#direct = direct;
    this.#durable = durable;
    this.#commands = commands;
    this.#clock = clock;
  }

  submitMany(commands: readonly CommandRef[], terms: CommandTerms, { listener, tag }: Subscription): void {
    const onFailed = (command: CommandRef, error: unknown) => {
      if (!listener.closed) listener.onFailed(command, error, tag);
    };
    if (commands[0] && isDurable(commands[0].id)) {
      const fresh = commands.map((command) => newCommand(command, terms));
      return this.#durable.submitMany(fresh, this.#followerOf(listener), onFailed);
    }
    const follower: DirectFollower = {
      onStatus: (command, status, nodeId) => {
        if (!listener.closed) listener.onStatus(command, status, nodeId, tag);
      },
      onRefused: onFailed,
    };
    const accepted = acceptTerms(terms, momentOf(this.#clock));
    for (const { device, id } of commands) {
      this.#direct.start({ id, device, terms: accepted, wait: 'finished', follower });
    }
  }

  async cancel(ref: CommandRef, reason: string): Promise<Cancellation> {
    if (isDurable(ref.id)) return this.#durable.cancel(ref, reason);
    const before = this.#direct.find(ref.device, ref.id)?.state.kind;
    const command = this.#direct.cancel(ref.device, ref.id, reason);
    if (!command) return { kind: 'unknown' };
    const kind = before === 'ended' ? 'ended' : command.state.kind === 'ended' ? 'cancelled' : 'asked';
    return { kind, command: recordOf(command) };
  }

  async find({ device, id }: CommandRef): Promise<CommandRecord | undefined> {
    if (isDurable(id)) return this.#commands.get(device, id);
    const command = this.#direct.find(device, id);
    return command && recordOf(command);
  }

  subscribe(command: CommandRef, { listener }: Subscription): void {
    if (isDurable(command.id)) this.#durable.follows.ask(command, this.#followerOf(listener));
  }

  unsubscribe(command: CommandRef, listener: CommandListener): void {
    if (isDurable(command.id)) this.#durable.follows.remove(command, this.#followerOf(listener));
  }

  #followerOf(listener: CommandListener): DurableFollower {
    const known = this.#followers.get(listener);
    if (known) return known;
    const follower: DurableFollower = (command, status, nodeId) => {
      if (listener.closed) this.unsubscribe(command, listener);
      else listener.onStatus(command, status, nodeId, 0);
    };
    this.#followers.set(listener, follower);
    return follower;
  }
}

function newCommand({ device, id }: CommandRef, terms: CommandTerms): NewCommand {
  const { operation, deliverWithinMs: ttlMs, finishWithinMs, queueing } = terms;
  const { priority = 'normal', collapseKey = '', idempotencyKey = '' } = queueing ?? {};
  const keys = { priority, collapseKey, idempotencyKey, fingerprint: '' };
  return { id: id as CommandId, device, operation, ...keys, ttlMs, finishWithinMs };
}

function recordOf(command: PendingCommand): CommandRecord {
  const { id, device, operation, status, nodeId, terms, routedAtMs, deliveredAtMs, runningAtMs } = command;
  const { acceptedAtMs, deliverWithinMs, finishWithinMs } = terms;
  const deadlines = { deliverByMs: acceptedAtMs + deliverWithinMs, finishByMs: acceptedAtMs + finishWithinMs };
  return { id, device, operation, status, nodeId, acceptedAtMs, ...deadlines, routedAtMs, deliveredAtMs, runningAtMs };
}
