import { randomUUID } from 'node:crypto';
import type { BootId, DeviceId, NodeId } from '@pushfleet/protocol';
import { acceptRate, deltaByBoot, isReady, liveLinks, toListedNode } from '../node-state.ts';
import type {
  FoundProblem,
  HeartbeatAnswer,
  HeartbeatDelta,
  HeartbeatVerdict,
  ListedNode,
  LivenessLimits,
  NodeProblem,
  NodeRecord,
  Nodes,
  RegistryPosition,
} from '../nodes.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { decodePosition, encodePosition, toAnswer } from './position.ts';
import { scripts } from './scripts.ts';

export class RedisNodes implements Nodes {
  readonly #redis: RedisConnection;
  readonly #names: Keys;
  readonly #keys: string[];
  readonly #limits: LivenessLimits;

  constructor(redis: RedisConnection, keys: Keys, limits: LivenessLimits) {
    this.#redis = redis;
    this.#names = keys;
    this.#keys = [keys.nodes, keys.nodeStates, keys.reservations, keys.reservationLapses, keys.reserved];
    this.#limits = limits;
  }

  async register(node: NodeRecord): Promise<RegistryPosition> {
    const { nodes, nodeStates, writeClock, incarnation } = this.#names;
    const keys = [nodes, nodeStates, writeClock, incarnation];
    const changes = this.#redis.serverChanges;
    const at = await this.#redis.run<string>(scripts.registerNode, keys, [...encodeNode(node), randomUUID()]);
    return encodePosition(changes, at);
  }

  async heartbeat(node: NodeRecord, delta: HeartbeatDelta, known?: RegistryPosition): Promise<HeartbeatAnswer> {
    const { events, bootsWithDevices, writeClock, incarnation, bootClaims, heldDevices } = this.#names;
    const boots = deltaByBoot(delta);
    const keys = [
      ...this.#keys,
      events,
      bootsWithDevices,
      writeClock,
      incarnation,
      ...boots.map(({ bootId }) => heldDevices(bootId)),
    ];
    const workers = node.workers.map(({ bootId }) => bootId);
    const { at } = decodePosition(known);
    const args = [...encodeNode(node), bootClaims, at, randomUUID(), workers.length, ...workers, boots.length];
    for (const { bootId, arrived, left } of boots) {
      args.push(bootId, arrived.size);
      for (const device of arrived) args.push(device);
      args.push(left.size);
      for (const device of left) args.push(device);
    }
    for (const event of delta.events) args.push(JSON.stringify(event));
    const answer = await this.#redis.run<[HeartbeatVerdict, string]>(scripts.heartbeat, keys, args);
    return toAnswer(answer, this.#redis.serverChanges, known);
  }

  async retire(nodeId: NodeId, bootId: BootId): Promise<boolean> {
    const keys = [...this.#keys, this.#names.nodeProblems, this.#names.nextSlots];
    return (await this.#redis.run(scripts.retireNode, keys, [nodeId, bootId])) === 1;
  }

  async setProblem({ nodeId, bootId, problem, token, events }: FoundProblem): Promise<boolean> {
    const { nodeStates, nodeProblems, events: stream } = this.#names;
    const args = [nodeId, bootId, token, problem?.impairs ? 1 : 0, problem ? JSON.stringify(problem) : ''];
    const delta = events.map((event) => JSON.stringify(event));
    return (await this.#redis.run(scripts.setProblem, [nodeStates, nodeProblems, stream], [...args, ...delta])) === 1;
  }

  async list(): Promise<ListedNode[]> {
    const keys = [...this.#keys, this.#names.nodeProblems, this.#names.writeClock];
    const [now, ...fields] = await this.#redis.run<string[]>(scripts.listNodes, keys, []);
    const nodes: ListedNode[] = [];
    for (let index = 0; index < fields.length; index += 4) {
      const [record = '', seenAtMs, reserved, found = ''] = fields.slice(index, index + 4);
      const seen = { record: JSON.parse(record) as NodeRecord, seenAtMs: Number(seenAtMs), nowMs: Number(now) };
      const problem = found === '' ? undefined : (JSON.parse(found) as NodeProblem);
      nodes.push(toListedNode({ ...seen, reserved: Number(reserved), found: problem }, this.#limits));
    }
    return nodes.sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1));
  }

  async bootsWithDevices(): Promise<BootId[]> {
    return this.#redis.send((client) => client.smembers(this.#names.bootsWithDevices)) as Promise<BootId[]>;
  }

  async claimBoot(bootId: BootId): Promise<boolean> {
    const { nodes, nodeStates, bootClaims, writeClock } = this.#names;
    const keys = [nodes, nodeStates, bootClaims, writeClock];
    return (await this.#redis.run(scripts.claimBoot, keys, [bootId, this.#limits.deadAfterMs])) === 1;
  }

  async heldDevices(bootId: BootId, limit: number): Promise<DeviceId[]> {
    const key = this.#names.heldDevices(bootId);
    return this.#redis.send((client) => client.srandmember(key, limit)) as Promise<DeviceId[]>;
  }

  async forgetHeldDevices(bootId: BootId, devices: readonly DeviceId[]): Promise<void> {
    const keys = [this.#names.heldDevices(bootId), this.#names.bootsWithDevices];
    await this.#redis.run(scripts.forgetHeldDevices, keys, [bootId, ...devices]);
  }
}

function encodeNode(node: NodeRecord): (string | number)[] {
  const ready = isReady(node) ? 1 : 0;
  // What scripts need of the record, in one string: nothing of it changes without the rest.
  const pace = `${acceptRate(node)} ${node.overloaded ? 1 : 0}`;
  const state = [ready, node.capacity, node.weight, liveLinks(node), pace].join(' ');
  return [node.nodeId, node.bootId, state, JSON.stringify(node)];
}
