import {
  type CommandId,
  type DeviceId,
  type Epoch,
  hasEnded,
  operationBytes,
  PushfleetError,
  packOperation,
} from '@pushfleet/protocol';
import { keptOperation, priorities, rankOf } from '../command-state.ts';
import {
  type CancelResult,
  type Commands,
  type ConfirmedCommand,
  type EndedPlace,
  type FailedPut,
  failedUpdate,
  type NewCommand,
  type PutResult,
  type QueuePolicy,
  type StatusUpdate,
  type StatusUpdateResult,
  type StoredCommand,
  type StoredStatus,
  type TakenCommand,
} from '../commands.ts';
import type { SessionRef } from '../sessions.ts';
import {
  decodeCommand,
  decodeOpenSession,
  decodeStatus,
  decodeTaken,
  queuedAt,
  type Reply,
  routedAt,
  text,
} from './command-record.ts';
import { CommandedDevices } from './commanded-devices.ts';
import type { RedisConnection, ScriptCall } from './connection.ts';
import type { Keys } from './keys.ts';
import { type Script, scripts } from './scripts.ts';
import { decodeSession } from './sessions.ts';

type Args = ScriptCall['args'];

export class RedisCommands implements Commands {
  readonly #redis: RedisConnection;
  readonly #keys: Keys;
  readonly #commanded: CommandedDevices;

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#keys = keys;
    this.#commanded = new CommandedDevices(redis, keys);
  }

  async put(command: NewCommand, policy: QueuePolicy): Promise<PutResult> {
    const [put] = await this.putMany([command], policy);
    return put as PutResult;
  }

  async putMany(commands: readonly NewCommand[], policy: QueuePolicy): Promise<(PutResult | FailedPut)[]> {
    if (commands.length === 0) return [];
    await this.#commanded.mark(commands.map(({ device }) => device));
    const calls = commands.map((command) => ({
      keys: this.#keys.device(command.device),
      args: putArgs(command, policy),
    }));
    const replies = await this.#redis.tryEach<Reply>(scripts.putCommand, calls);
    return replies.map((reply, index) =>
      reply instanceof PushfleetError
        ? { kind: 'failed', error: reply }
        : decodePut(commands[index] as NewCommand, reply),
    );
  }

  async take(
    device: DeviceId,
    epoch: Epoch,
    window: number,
    limit: number,
  ): Promise<{ commands: TakenCommand[]; more: boolean }> {
    const [nowMs, more, ...fields] = await this.#run<Reply>(scripts.takeCommands, device, [epoch, window, limit]);
    const commands: TakenCommand[] = [];
    for (let index = 0; index < fields.length; index += 4) {
      const [id, state, operation, failed] = fields.slice(index, index + 4);
      const failedBefore = failed === 1;
      commands.push({ ...decodeTaken(text(id), state as Buffer, operation as Buffer, nowMs as number), failedBefore });
    }
    return { commands, more: more === 1 };
  }

  async updateStatus(updates: readonly StatusUpdate[], window: number): Promise<StatusUpdateResult[]> {
    if (updates.length === 0) return [];
    const calls = updates.map((update) =>
      this.#call(update.device, [update.id, window, update.kind, ...updateArgs(update)]),
    );
    const replies = await this.#redis.tryEach<Reply>(scripts.updateStatus, calls);
    return replies.map((reply) => (reply instanceof PushfleetError ? failedUpdate : decodeUpdateResult(reply)));
  }

  async cancel(device: DeviceId, id: CommandId, reason: string): Promise<CancelResult> {
    const [verdict, ...rest] = await this.#run<Reply>(scripts.cancelCommand, device, [id, reason]);
    const command = decodeCommand(device, rest.slice(6));
    const kind = text(verdict) as CancelResult['kind'];
    if (!command || kind === 'unknown') return { kind: 'unknown' };
    return kind === 'asked' ? { kind, command, session: decodeOpenSession(rest.slice(0, 6)) } : { kind, command };
  }

  async restore(commands: readonly ConfirmedCommand[], keepEndedMs: number): Promise<void> {
    if (commands.length === 0) return;
    await this.#commanded.mark(commands.map(({ device }) => device));
    const calls = commands.map((command) => ({
      keys: this.#keys.device(command.device),
      args: restoreArgs(command, keepEndedMs),
    }));
    await this.#redis.runEach(scripts.restoreCommand, calls);
  }

  async get(device: DeviceId, id: CommandId): Promise<StoredCommand | undefined> {
    const [command] = await this.getMany([{ device, id }]);
    return command;
  }

  async getMany(refs: readonly { device: DeviceId; id: CommandId }[]): Promise<(StoredCommand | undefined)[]> {
    if (refs.length === 0) return [];
    const calls = refs.map(({ device, id }) => this.#call(device, [id]));
    const replies = await this.#redis.runEach<Reply>(scripts.getCommand, calls);
    return refs.map(({ device }, index) => decodeCommand(device, replies[index] ?? []));
  }

  async list(device: DeviceId): Promise<StoredCommand[]> {
    const replies = await this.#run<Reply[]>(scripts.listCommands, device, []);
    return replies.map((reply) => decodeCommand(device, reply)).filter((command) => command !== undefined);
  }

  async listEnded(device: DeviceId, limit: number, after?: EndedPlace) {
    const args = [limit, after?.keptUntilMs ?? '', after?.id ?? ''];
    const [more, keptUntilMs, ...replies] = await this.#run<[number, number, ...Reply[]]>(
      scripts.listEndedCommands,
      device,
      args,
    );
    const commands = replies.map((reply) => decodeCommand(device, reply)).filter((command) => command !== undefined);
    const last = commands.at(-1);
    return { commands, next: more === 1 && last ? { keptUntilMs, id: last.id } : undefined };
  }

  async overdue(olderThanMs: number, limit: number): Promise<{ device: DeviceId; session: SessionRef }[]> {
    const devices = await this.#commanded.pick(olderThanMs, limit);
    if (devices.length === 0) return [];
    const calls = devices.map((device) => this.#call(device, [olderThanMs]));
    const replies = await this.#redis.runEach<Reply>(scripts.overdueCommands, calls);
    await this.#commanded.forget(devices.filter((_, index) => replies[index]?.[0] === 0));
    return devices.flatMap((device, index) => {
      const session = decodeOpenSession(replies[index]?.slice(1) ?? []);
      return session ? [{ device, session }] : [];
    });
  }

  async #run<Answer>(script: Script, device: DeviceId, args: Args): Promise<Answer> {
    const [reply] = await this.#redis.runEach<Answer>(script, [this.#call(device, args)]);
    return reply as Answer;
  }

  #call(device: DeviceId, args: Args): ScriptCall {
    return { keys: this.#keys.commands(device), args };
  }
}

function putArgs(command: NewCommand, { maxCommands, maxBytes, window, keepEndedMs }: QueuePolicy): Args {
  const { id, operation, priority, ttlMs, finishWithinMs, collapseKey, idempotencyKey, fingerprint } = command;
  const what = [priorities.indexOf(priority), operationBytes(operation), ttlMs, finishWithinMs];
  const kept = keptOperation(operation);
  return [
    id,
    packNumbers([...what, maxCommands, maxBytes, window, keepEndedMs]),
    collapseKey,
    idempotencyKey,
    packOperation(operation),
    kept ? packOperation(kept) : '',
    fingerprint,
  ];
}

function restoreArgs(command: ConfirmedCommand, keepEndedMs: number): Args {
  const { id, operation, priority, collapseKey, idempotencyKey, fingerprint, nodeId, status } = command;
  const { acceptedAtMs, deliverByMs, finishByMs, routedAtMs = acceptedAtMs } = command;
  const { deliveredAtMs = 0, runningAtMs = 0 } = command;
  const outcome = hasEnded(status.outcome) ? rankOf(status.outcome) : 0;
  const kept = keptOperation(operation);
  const numbers = [
    ...[priorities.indexOf(priority), operationBytes(operation), acceptedAtMs, deliverByMs, finishByMs, keepEndedMs],
    ...[outcome, status.atMs, routedAtMs, deliveredAtMs, runningAtMs, status.cancelRequested ? 1 : 0],
  ];
  return [
    ...[id, packNumbers(numbers), collapseKey, idempotencyKey, packOperation(operation)],
    ...[kept ? packOperation(kept) : '', fingerprint, nodeId, status.reason],
    ...(outcome > 0 ? endArgs(status) : ['', '', '']),
  ];
}

/** Each argument of a script costs more than the number that it would be. */
function packNumbers(numbers: readonly number[]): Buffer {
  const packed = Buffer.allocUnsafe(numbers.length * 8);
  for (let index = 0; index < numbers.length; index += 1) packed.writeDoubleLE(numbers[index] as number, index * 8);
  return packed;
}

function decodePut(command: NewCommand, reply: Reply): PutResult {
  const kind = text(reply[0]) as PutResult['kind'];
  switch (kind) {
    case 'full':
    case 'deleted':
      return { kind };
    case 'conflict':
      return { kind, id: text(reply[1]) as CommandId };
    case 'known':
      return { kind, command: decodeCommand(command.device, reply.slice(1)) as StoredCommand };
    case 'queued': {
      const session = reply[2] ? decodeSession(text(reply[2]).split('\n')) : undefined;
      return { kind, command: queuedAt(command, reply[1] as number), session };
    }
    case 'routed': {
      const session = decodeSession(text(reply[2]).split('\n')) as SessionRef;
      return { kind, command: routedAt(command, reply[1] as number, session), session };
    }
    default:
      return kind satisfies never;
  }
}

function updateArgs(update: StatusUpdate): Args {
  switch (update.kind) {
    case 'delivered':
      return [];
    case 'running':
      return [json(update.progress), json(update.statistics)];
    case 'released':
      return [update.epoch];
    case 'attempt-failed':
      return [update.epoch, update.weight, update.alone ? 1 : '', update.reason];
    case 'ended':
      if (!hasEnded(update.outcome)) throw new TypeError(`${update.outcome} ends no command`);
      return [rankOf(update.outcome), update.reason, ...endArgs(update)];
    default:
      return update satisfies never;
  }
}

function endArgs({ statistics, alreadyEnded, output }: Pick<StoredStatus, 'statistics' | 'alreadyEnded' | 'output'>) {
  return [json(statistics), alreadyEnded ? 1 : '', output ? asBuffer(output) : ''];
}

/** Without a copy. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function json(value: object | undefined): string {
  return value === undefined ? '' : JSON.stringify(value);
}

function decodeUpdateResult(reply: Reply): StatusUpdateResult {
  const status = reply.length > 2 ? decodeStatus(reply.slice(2)) : undefined;
  return { verdict: text(reply[0]) as StatusUpdateResult['verdict'], status, more: reply[1] === 1 };
}
