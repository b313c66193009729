import type { BootId, DeviceId, Epoch, GroupPath, NodeId, WorkerId } from '@pushfleet/protocol';
import { decodeMoves, type SessionMove } from '../session-moves.ts';
import type {
  AssertVerdict,
  Credentials,
  LinkKind,
  OpenedSession,
  SessionRef,
  Sessions,
  WorkerRef,
} from '../sessions.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

/** Fields of the hash, in the order in which open-session.lua answers them. */
const fields = ['epoch', 'node', 'worker', 'boot', 'link', 'opened'] as const;

export type StoredSession = (string | null | undefined)[];

export class RedisSessions implements Sessions {
  readonly #redis: RedisConnection;
  readonly #keys: Keys;

  constructor(redis: RedisConnection, keys: Keys) {
    this.#redis = redis;
    this.#keys = keys;
  }

  async open(device: DeviceId, at: WorkerRef, { link, generation }: Credentials): Promise<OpenedSession | 'void'> {
    const { commands, deviceTickets } = this.#keys;
    const args = [at.nodeId, at.workerId, at.bootId, link, generation, deviceTickets(device)];
    const reply = await this.#redis.run<StoredSession>(scripts.openSession, commands(device), args);
    if (reply[0] === 'void') return 'void';
    const [epoch, takeovers, hasCommands, group, ...previous] = reply;
    return {
      epoch: Number(epoch) as Epoch,
      takeovers: Number(takeovers),
      hasCommands: Number(hasCommands) === 1,
      group: (group ?? undefined) as GroupPath | undefined,
      previous: decodeSession(previous),
    };
  }

  async assert(
    device: DeviceId,
    epoch: Epoch,
    at: WorkerRef,
    { link, generation }: Credentials,
  ): Promise<AssertVerdict> {
    const { commands, deviceTickets } = this.#keys;
    const args = [epoch, at.nodeId, at.workerId, at.bootId, link, generation, deviceTickets(device)];
    return this.#redis.run(scripts.assertSession, commands(device), args);
  }

  async reap(device: DeviceId, bootId: BootId): Promise<boolean> {
    return (await this.#redis.run(scripts.reapSession, this.#keysOf(device), [bootId])) === 1;
  }

  async close(device: DeviceId, epoch: Epoch, reason = ''): Promise<boolean> {
    return (await this.#redis.run(scripts.closeSession, this.#keysOf(device), [epoch, reason])) === 1;
  }

  async history(device: DeviceId): Promise<SessionMove[]> {
    return decodeMoves((await this.#redis.send((client) => client.hget(this.#keys.session(device), 'moves'))) ?? '');
  }

  async find(device: DeviceId): Promise<SessionRef | undefined> {
    return decodeSession(await this.#redis.send((client) => client.hmget(this.#keys.session(device), ...fields)));
  }

  async findMany(devices: readonly DeviceId[]): Promise<Map<DeviceId, SessionRef>> {
    const stored = await this.#redis.sendAll<StoredSession>((pipeline) => {
      for (const device of devices) pipeline.hmget(this.#keys.session(device), ...fields);
    });
    const found = new Map<DeviceId, SessionRef>();
    for (const [index, device] of devices.entries()) {
      const session = decodeSession(stored[index] ?? []);
      if (session) found.set(device, session);
    }
    return found;
  }

  #keysOf(device: DeviceId): string[] {
    return [this.#keys.session(device)];
  }
}

/** A closed session has an epoch and nothing else. */
export function decodeSession([epoch, node, worker, boot, link, opened]: StoredSession): SessionRef | undefined {
  if (!node) return undefined;
  return {
    epoch: Number(epoch) as Epoch,
    nodeId: node as NodeId,
    workerId: worker as WorkerId,
    bootId: boot as BootId,
    link: link as LinkKind,
    openedAtMs: Number(opened),
  };
}
