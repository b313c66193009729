import type { BootId, DeviceId, NodeId } from '@pushfleet/protocol';
import { acceptRate, deltaByBoot, isReady, liveLinks, toListedNode } from '../node-state.ts';
import type {
  FoundProblem,
  HeartbeatAnswer,
  HeartbeatDelta,
  ListedNode,
  LivenessLimits,
  NodeProblem,
  NodeRecord,
  Nodes,
  RegistryPosition,
} from '../nodes.ts';
import { sessionMemoryMs } from '../sessions.ts';
import { countLapsed, giveUp, giveUpAll } from './assignments.ts';
import type { Database } from './database.ts';
import { appendEvents } from './events.ts';
import { hasLost, writePosition } from './position.ts';
import { readWriteClock, setWriteClock } from './write-clock.ts';

/** From one boot id to the next by the index: a scan of all held devices would take long. */
const bootsWithDevices = `
  WITH RECURSIVE boots (bootId) AS (
    SELECT min(boot_id) FROM held_devices
    UNION ALL
    SELECT (SELECT min(boot_id) FROM held_devices WHERE boot_id > bootId) FROM boots WHERE bootId IS NOT NULL
  )
  SELECT bootId FROM boots WHERE bootId IS NOT NULL`;

export class EmbeddedNodes implements Nodes {
  readonly #database: Database;
  readonly #limits: LivenessLimits;

  constructor(database: Database, limits: LivenessLimits) {
    this.#database = database;
    this.#limits = limits;
  }

  async register(node: NodeRecord): Promise<RegistryPosition> {
    return this.#database.write(() => this.#put(node));
  }

  async heartbeat(node: NodeRecord, delta: HeartbeatDelta, known = ''): Promise<HeartbeatAnswer> {
    return this.#database.write(() => {
      const holder = this.#holder(node.nodeId);
      const isLost = hasLost(this.#database, known);
      // What has come back may be from before this life of the push server.
      if (holder !== undefined && holder !== node.bootId && !isLost) return { verdict: 'fenced', position: known };
      const position = this.#put(node);
      for (const { device } of delta.arrived) giveUp(this.#database, device);
      this.#keepHeldDevices(delta);
      appendEvents(this.#database, delta.events);
      // A claim is told of by the next answer as well.
      if (isLost) return { verdict: 'lost', position };
      const isClaimed = node.workers.some(({ bootId }) => this.#isClaimed(bootId));
      return { verdict: isClaimed ? 'revived' : holder === undefined ? 'struck-off' : 'ok', position };
    });
  }

  async retire(nodeId: NodeId, bootId: BootId): Promise<boolean> {
    return this.#database.write(() => {
      const holder = this.#holder(nodeId);
      if (holder !== undefined && holder !== bootId) return false;
      this.#database.run('DELETE FROM nodes WHERE node_id = :nodeId', { nodeId });
      this.#database.run('DELETE FROM node_problems WHERE node_id = :nodeId', { nodeId });
      this.#database.run('DELETE FROM next_slots WHERE node_id = :nodeId', { nodeId });
      giveUpAll(this.#database, nodeId);
      return true;
    });
  }

  async setProblem({ nodeId, bootId, problem, token, events }: FoundProblem): Promise<boolean> {
    return this.#database.write(() => {
      const { token: greatest = -1 } =
        this.#database.get<{ token: number }>('SELECT token FROM node_problems_token') ?? {};
      if (this.#holder(nodeId) !== bootId || greatest > token) return false;
      this.#database.run('INSERT OR REPLACE INTO node_problems_token VALUES (1, :token)', { token });
      this.#database.run('DELETE FROM node_problems WHERE node_id = :nodeId', { nodeId });
      if (problem) {
        const sql = `INSERT INTO node_problems (node_id, boot_id, impairs, problem)
          VALUES (:nodeId, :bootId, :impairs, :problem)`;
        const impairs = problem.impairs ? 1 : 0;
        this.#database.run(sql, { nodeId, bootId, impairs, problem: JSON.stringify(problem) });
      }
      appendEvents(this.#database, events);
      return true;
    });
  }

  async list(): Promise<ListedNode[]> {
    return this.#database.read(() => {
      const nowMs = readWriteClock(this.#database);
      const lapsed = countLapsed(this.#database, nowMs);
      const rows = this.#database.all<{ record: string; seenAtMs: number; reserved: number; problem: string | null }>(
        `SELECT record, seen_at_ms AS seenAtMs, coalesce(places, 0) AS reserved, problem
         FROM nodes LEFT JOIN reserved_places USING (node_id) LEFT JOIN node_problems USING (node_id, boot_id)
         ORDER BY node_id`,
      );
      return rows.map(({ seenAtMs, ...row }) => {
        const record: NodeRecord = JSON.parse(row.record);
        const reserved = row.reserved - (lapsed.get(record.nodeId) ?? 0);
        const found = row.problem === null ? undefined : (JSON.parse(row.problem) as NodeProblem);
        return toListedNode({ record, seenAtMs, nowMs, reserved, found }, this.#limits);
      });
    });
  }

  async bootsWithDevices(): Promise<BootId[]> {
    const boots = await this.#database.read(() => this.#database.all<{ bootId: BootId }>(bootsWithDevices));
    return boots.map(({ bootId }) => bootId);
  }

  async claimBoot(bootId: BootId): Promise<boolean> {
    return this.#database.write(() => {
      if (this.#lives(bootId)) return false;
      const nowMs = readWriteClock(this.#database);
      this.#database.run('INSERT OR REPLACE INTO boot_claims (boot_id, claimed_at_ms) VALUES (:bootId, :nowMs)', {
        bootId,
        nowMs,
      });
      this.#database.run('DELETE FROM boot_claims WHERE claimed_at_ms <= :untilMs', {
        untilMs: nowMs - sessionMemoryMs,
      });
      return true;
    });
  }

  async heldDevices(bootId: BootId, limit: number): Promise<DeviceId[]> {
    const sql = 'SELECT device_id AS device FROM held_devices WHERE boot_id = :bootId LIMIT :limit';
    const rows = await this.#database.read(() => this.#database.all<{ device: DeviceId }>(sql, { bootId, limit }));
    return rows.map(({ device }) => device);
  }

  async forgetHeldDevices(bootId: BootId, devices: readonly DeviceId[]): Promise<void> {
    await this.#database.write(() => this.#removeHeldDevices(bootId, devices));
  }

  #keepHeldDevices(delta: HeartbeatDelta): void {
    for (const { bootId, arrived, left } of deltaByBoot(delta)) {
      for (const device of arrived) {
        this.#database.run('INSERT OR IGNORE INTO held_devices (boot_id, device_id) VALUES (:bootId, :device)', {
          bootId,
          device,
        });
      }
      this.#removeHeldDevices(bootId, left);
    }
  }

  #removeHeldDevices(bootId: BootId, devices: Iterable<DeviceId>): void {
    for (const device of devices) {
      this.#database.run('DELETE FROM held_devices WHERE boot_id = :bootId AND device_id = :device', {
        bootId,
        device,
      });
    }
  }

  /** Whether a push server that is not dead announces such a worker. */
  #lives(bootId: BootId): boolean {
    const aliveSinceMs = readWriteClock(this.#database) - this.#limits.deadAfterMs;
    const sql = 'SELECT record FROM nodes WHERE seen_at_ms > :aliveSinceMs';
    const records = this.#database.all<{ record: string }>(sql, { aliveSinceMs });
    return records.some(({ record }) =>
      (JSON.parse(record) as NodeRecord).workers.some((worker) => worker.bootId === bootId),
    );
  }

  #isClaimed(bootId: BootId): boolean {
    return this.#database.get('SELECT 1 FROM boot_claims WHERE boot_id = :bootId', { bootId }) !== undefined;
  }

  /** The boot id that holds the node id. */
  #holder(nodeId: NodeId): BootId | undefined {
    const sql = 'SELECT boot_id AS bootId FROM nodes WHERE node_id = :nodeId';
    return this.#database.get<{ bootId: BootId }>(sql, { nodeId })?.bootId;
  }

  #put(node: NodeRecord): RegistryPosition {
    const nowMs = setWriteClock(this.#database);
    this.#database.run(
      `INSERT OR REPLACE INTO nodes 
         (node_id, boot_id, ready, capacity, weight, live, accepts_per_second, overloaded, seen_at_ms, record)
       VALUES
         (:nodeId, :bootId, :ready, :capacity, :weight, :live, :acceptsPerSecond, :overloaded, :nowMs, :record)`,
      {
        nodeId: node.nodeId,
        bootId: node.bootId,
        ready: isReady(node) ? 1 : 0,
        capacity: node.capacity,
        weight: node.weight,
        live: liveLinks(node),
        acceptsPerSecond: acceptRate(node),
        overloaded: node.overloaded ? 1 : 0,
        nowMs,
        record: JSON.stringify(node),
      },
    );
    return writePosition(this.#database, nowMs);
  }
}
