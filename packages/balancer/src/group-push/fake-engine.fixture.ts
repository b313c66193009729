import {
  type CommandId,
  type common,
  type DeviceId,
  hasEnded,
  isDurable,
  type PushfleetError,
} from '@pushfleet/protocol';
import type { Commands, StoredCommand, StoredStatus } from '@pushfleet/registry';
import type {
  Cancellation,
  CommandEngine,
  CommandListener,
  CommandRef,
  CommandTerms,
  Subscription,
} from '../commands/engine.ts';

/** `away`: without a link. `silent`: takes a command and says no more until it is told to. */
export type Behaviour = 'answers' | 'fails' | 'away' | 'silent';

interface Durable {
  command: StoredCommand;
  listeners: Set<CommandListener>;
}

/** Devices, what they were given to run, and the durable commands of the cluster. */
export class FakeDevices {
  readonly behaviours = new Map<DeviceId, Behaviour>();
  /** The behaviour of devices that have none of their own. */
  behaviour: Behaviour = 'answers';
  /** The commands that each device was given to run, in order. */
  readonly received = new Map<DeviceId, CommandId[]>();
  readonly durable = new Map<CommandId, Durable>();
  /** Finds durable commands as the registry does. */
  readonly commands: Pick<Commands, 'getMany'> = {
    getMany: async (refs) => refs.map(({ id }) => this.durable.get(id)?.command),
  };

  behaviourOf(device: DeviceId): Behaviour {
    return this.behaviours.get(device) ?? this.behaviour;
  }

  /** How many commands were run, of all devices. */
  get runs(): number {
    return [...this.received.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** A device is given a command. */
  give({ device, id }: CommandRef): common.Outcome {
    const behaviour = this.behaviourOf(device);
    if (behaviour === 'away') return 'OUTCOME_NOT_CONNECTED';
    this.received.set(device, [...(this.received.get(device) ?? []), id]);
    if (behaviour === 'silent') return 'OUTCOME_DELIVERED';
    return behaviour === 'fails' ? 'OUTCOME_FAILED' : 'OUTCOME_SUCCEEDED';
  }

  /** A durable command has come to this. */
  report(id: CommandId, outcome: common.Outcome): void {
    const durable = this.durable.get(id);
    if (!durable || hasEnded(durable.command.status.outcome)) return;
    durable.command = { ...durable.command, status: statusOf(outcome) };
    for (const listener of durable.listeners) {
      if (listener.closed) durable.listeners.delete(listener);
      else listener.onStatus({ device: durable.command.device, id }, durable.command.status, '', 0);
    }
  }

  /** A device connects, and is given what waited for it. */
  connect(device: DeviceId, behaviour: Behaviour = 'answers'): void {
    this.behaviours.set(device, behaviour);
    for (const { command } of [...this.durable.values()]) {
      if (command.device !== device || command.status.outcome !== 'OUTCOME_QUEUED') continue;
      this.report(command.id, this.give({ device, id: command.id }));
    }
  }
}

type UsedEngine = Pick<CommandEngine, 'submitMany' | 'cancel' | 'subscribe' | 'unsubscribe'>;

/** The command engine of one balancer, without workers. */
export class FakeEngine implements UsedEngine {
  readonly #devices: FakeDevices;
  readonly #direct = new Map<CommandId, { ref: CommandRef; listener: CommandListener }>();
  /** How many commands came with each call of `submitMany`. */
  readonly calls: number[] = [];
  mostInFlight = 0;
  /** Nothing that is asked of it has an effect, and it reports nothing. */
  isDead = false;
  /** Refuses commands so, as long as it is set. */
  refusal: PushfleetError | undefined;
  /** Refuses the commands of these devices so. */
  readonly refusals = new Map<DeviceId, PushfleetError>();
  cancelled: CommandId[] = [];

  constructor(devices: FakeDevices) {
    this.#devices = devices;
  }

  submitMany(commands: readonly CommandRef[], terms: CommandTerms, { listener }: Subscription): void {
    this.calls.push(commands.length);
    if (this.isDead) return;
    const accepted = commands.filter((ref) => {
      const refusal = this.refusal ?? this.refusals.get(ref.device);
      if (refusal) listener.onFailed(ref, refusal, 0);
      return !refusal;
    });
    if (commands[0] && isDurable(commands[0].id)) {
      setImmediate(() => {
        for (const ref of accepted) this.#put(ref, terms, listener);
      });
      return;
    }
    for (const ref of accepted) this.#direct.set(ref.id, { ref, listener });
    this.mostInFlight = Math.max(this.mostInFlight, this.#direct.size);
    setImmediate(() => {
      for (const ref of accepted) if (this.#direct.has(ref.id)) this.report(ref.id, this.#devices.give(ref));
    });
  }

  /** A direct command has come to this. */
  report(id: CommandId, outcome: common.Outcome): void {
    const direct = this.#direct.get(id);
    if (!direct || this.isDead) return;
    if (hasEnded(outcome)) this.#direct.delete(id);
    direct.listener.onStatus(direct.ref, statusOf(outcome), '', 0);
  }

  /** Every direct command ends so. */
  reportAll(outcome: common.Outcome): void {
    for (const id of [...this.#direct.keys()]) this.report(id, outcome);
  }

  subscribe(ref: CommandRef, { listener }: Subscription): void {
    setImmediate(() => {
      const durable = this.#devices.durable.get(ref.id);
      durable?.listeners.add(listener);
      if (durable && !this.isDead) listener.onStatus(ref, durable.command.status, '', 0);
    });
  }

  unsubscribe({ id }: CommandRef, listener: CommandListener): void {
    this.#devices.durable.get(id)?.listeners.delete(listener);
  }

  async cancel({ id }: CommandRef, _: string): Promise<Cancellation> {
    this.cancelled.push(id);
    const durable = this.#devices.durable.get(id);
    if (!durable && !this.#direct.has(id)) return { kind: 'unknown' };
    const wasQueued = durable?.command.status.outcome === 'OUTCOME_QUEUED';
    this.#devices.report(id, 'OUTCOME_CANCELLED');
    this.report(id, 'OUTCOME_CANCELLED');
    return { kind: wasQueued ? 'cancelled' : 'asked', command: durable?.command as StoredCommand };
  }

  #put(ref: CommandRef, terms: CommandTerms, listener: CommandListener): void {
    const known = this.#devices.durable.get(ref.id);
    const durable = known ?? { command: stored(ref, terms), listeners: new Set() };
    this.#devices.durable.set(ref.id, durable);
    if (!this.isDead) durable.listeners.add(listener);
    const isAway = this.#devices.behaviourOf(ref.device) === 'away';
    if (!known && !isAway) {
      durable.command = { ...durable.command, status: statusOf('OUTCOME_ROUTED') };
      setImmediate(() => this.#devices.report(ref.id, this.#devices.give(ref)));
    }
    if (!this.isDead) listener.onStatus(ref, durable.command.status, '', 0);
  }
}

function stored({ device, id }: CommandRef, terms: CommandTerms): StoredCommand {
  const { operation, deliverWithinMs, finishWithinMs, queueing } = terms;
  const nowMs = Date.now();
  return {
    ...{ id, device, operation, priority: 'normal', collapseKey: '', idempotencyKey: '', ...queueing },
    ...{ status: statusOf('OUTCOME_QUEUED'), nodeId: '', acceptedAtMs: nowMs, fingerprint: '' },
    ...{ deliverByMs: nowMs + deliverWithinMs, finishByMs: nowMs + finishWithinMs },
  };
}

function statusOf(outcome: common.Outcome): StoredStatus {
  return { outcome, reason: '', atMs: Date.now() };
}
