import { type CommandId, type common, type DeviceId, hasEnded, type PushfleetError } from '@pushfleet/protocol';
import type {
  CancelResult,
  Commands,
  NewCommand,
  PutResult,
  SessionRef,
  StoredCommand,
  StoredStatus,
} from '@pushfleet/registry';
import type { CommandRef, DirectFollower, DurableFollower, PushDesk, SharedPush } from '../commands/push-desk.ts';

/** `away`: without a link. `silent`: takes a command and says no more until it is told to. */
export type Manner = 'answers' | 'fails' | 'away' | 'silent';

interface Durable {
  command: StoredCommand;
  followers: Set<DurableFollower>;
}

/** Devices, what they were told, and the durable commands of the cluster. */
export class PlayedDevices {
  readonly manners = new Map<DeviceId, Manner>();
  /** What each device was given to run, in order. */
  readonly received = new Map<DeviceId, CommandId[]>();
  readonly durable = new Map<CommandId, Durable>();
  manner: Manner = 'answers';
  /** As the registry finds them. */
  readonly commands: Pick<Commands, 'getMany'> = {
    getMany: async (refs) => refs.map(({ id }) => this.durable.get(id)?.command),
  };

  mannerOf(device: DeviceId): Manner {
    return this.manners.get(device) ?? this.manner;
  }

  /** How many commands were run, of all devices. */
  get runs(): number {
    return [...this.received.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** A device is given a command. */
  give({ device, id }: CommandRef): common.Outcome {
    const manner = this.mannerOf(device);
    if (manner === 'away') return 'OUTCOME_NOT_CONNECTED';
    this.received.set(device, [...(this.received.get(device) ?? []), id]);
    if (manner === 'silent') return 'OUTCOME_DELIVERED';
    return manner === 'fails' ? 'OUTCOME_FAILED' : 'OUTCOME_SUCCEEDED';
  }

  tell(id: CommandId, outcome: common.Outcome): void {
    const durable = this.durable.get(id);
    if (!durable || hasEnded(durable.command.status.outcome)) return;
    durable.command = { ...durable.command, status: statusOf(outcome) };
    for (const follower of durable.followers) {
      follower({ device: durable.command.device, id }, durable.command.status, '');
    }
  }

  /** A device comes back, and is given what waited for it. */
  come(device: DeviceId, manner: Manner = 'answers'): void {
    this.manners.set(device, manner);
    for (const { command } of [...this.durable.values()]) {
      if (command.device !== device || command.status.outcome !== 'OUTCOME_QUEUED') continue;
      this.tell(command.id, this.give({ device, id: command.id }));
    }
  }
}

/** The desk of one balancer. */
export class PlayedDesk implements Omit<PushDesk, 'pushDirect'> {
  readonly #devices: PlayedDevices;
  readonly #direct = new Map<CommandId, { ref: CommandRef; follower: DirectFollower }>();
  /** How many commands came with each call. */
  readonly calls: number[] = [];
  mostUnderWay = 0;
  /** Nothing that is said to it has an effect, and it says nothing. */
  isDead = false;
  /** Refuses commands so, as long as it is set. */
  refusal: PushfleetError | undefined;
  cancelled: CommandId[] = [];

  constructor(devices: PlayedDevices) {
    this.#devices = devices;
  }

  get underWay(): number {
    return this.#direct.size;
  }

  pushManyDirect(commands: readonly CommandRef[], _: SharedPush, follower: DirectFollower): void {
    this.calls.push(commands.length);
    for (const ref of commands) {
      if (this.isDead) return;
      if (this.refusal) follower.onRefused(ref, this.refusal);
      else this.#direct.set(ref.id, { ref, follower });
    }
    this.mostUnderWay = Math.max(this.mostUnderWay, this.#direct.size);
    setImmediate(() => {
      for (const ref of commands) if (this.#direct.has(ref.id)) this.tell(ref.id, this.#devices.give(ref));
    });
  }

  /** What has become of a direct command. */
  tell(id: CommandId, outcome: common.Outcome): void {
    const direct = this.#direct.get(id);
    if (!direct || this.isDead) return;
    if (hasEnded(outcome)) this.#direct.delete(id);
    direct.follower.onStatus(direct.ref, statusOf(outcome), '');
  }

  /** Every direct command ends so. */
  tellAll(outcome: common.Outcome): void {
    for (const id of [...this.#direct.keys()]) this.tell(id, outcome);
  }

  async putMany(commands: readonly NewCommand[], follower: DurableFollower): Promise<PutResult[]> {
    this.calls.push(commands.length);
    await new Promise((resolve) => setImmediate(resolve));
    if (this.refusal) throw this.refusal;
    return commands.map((command) => this.#put(command, follower));
  }

  follow(commands: readonly CommandRef[], follower: DurableFollower): void {
    setImmediate(() => {
      for (const ref of commands) {
        const durable = this.#devices.durable.get(ref.id);
        durable?.followers.add(follower);
        if (durable && !this.isDead) follower(ref, durable.command.status, '');
      }
    });
  }

  unfollow(commands: readonly CommandRef[], follower: DurableFollower): void {
    for (const { id } of commands) this.#devices.durable.get(id)?.followers.delete(follower);
  }

  async cancel({ id }: CommandRef, _: string): Promise<CancelResult['kind']> {
    this.cancelled.push(id);
    const outcome = this.#devices.durable.get(id)?.command.status.outcome;
    if (outcome === undefined && !this.#direct.has(id)) return 'unknown';
    this.#devices.tell(id, 'OUTCOME_CANCELLED');
    this.tell(id, 'OUTCOME_CANCELLED');
    return outcome === 'OUTCOME_QUEUED' ? 'cancelled' : 'asked';
  }

  #put(command: NewCommand, follower: DurableFollower): PutResult {
    const known = this.#devices.durable.get(command.id);
    const durable = known ?? { command: stored(command), followers: new Set() };
    this.#devices.durable.set(command.id, durable);
    if (!this.isDead) durable.followers.add(follower);
    if (known) return { kind: 'known', command: known.command };
    if (this.#devices.mannerOf(command.device) === 'away') {
      return { kind: 'queued', command: durable.command, session: undefined };
    }
    durable.command = { ...durable.command, status: statusOf('OUTCOME_ROUTED') };
    setImmediate(() => this.#devices.tell(command.id, this.#devices.give(command)));
    return { kind: 'routed', command: durable.command, session };
  }
}

const session: SessionRef = {
  nodeId: 'dp-1' as never,
  workerId: 'w0' as never,
  bootId: 'boot-1' as never,
  link: 'grpc',
  epoch: 1 as never,
  openedAtMs: 1,
};

function stored(command: NewCommand): StoredCommand {
  const { ttlMs, finishWithinMs, ...rest } = command;
  const nowMs = Date.now();
  const [deliverByMs, finishByMs] = [nowMs + ttlMs, nowMs + finishWithinMs];
  return { ...rest, status: statusOf('OUTCOME_QUEUED'), nodeId: '', acceptedAtMs: nowMs, deliverByMs, finishByMs };
}

function statusOf(outcome: common.Outcome): StoredStatus {
  return { outcome, reason: '', atMs: Date.now() };
}
