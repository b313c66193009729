import type { BootId, DeviceId, NodeId } from '@pushfleet/protocol';
import { liveLinks, toListedNode } from '../liveness.ts';
import type { ListedNode, LivenessLimits, NodeRecord, Nodes } from '../nodes.ts';
import type { Database } from './database.ts';
import { dropLapsed, giveUp, giveUpAll } from './reservations.ts';

export class EmbeddedNodes implements Nodes {
  readonly #database: Database;
  readonly #limits: LivenessLimits;

  constructor(database: Database, limits: LivenessLimits) {
    this.#database = database;
    this.#limits = limits;
  }

  async register(node: NodeRecord): Promise<void> {
    await this.#database.write(() => this.#put(node));
  }

  async beat(node: NodeRecord, arrived: readonly DeviceId[]): Promise<'ok' | 'fenced'> {
    return this.#database.write(() => {
      if (!this.#isOurs(node.nodeId, node.bootId)) return 'fenced';
      this.#put(node);
      for (const device of arrived) giveUp(this.#database, device);
      return 'ok';
    });
  }

  async retire(nodeId: NodeId, bootId: BootId): Promise<boolean> {
    return this.#database.write(() => {
      if (!this.#isOurs(nodeId, bootId)) return false;
      this.#database.run('DELETE FROM nodes WHERE node_id = ?', nodeId);
      giveUpAll(this.#database, nodeId);
      return true;
    });
  }

  async list(): Promise<ListedNode[]> {
    return this.#database.write(() => {
      const nowMs = Date.now();
      dropLapsed(this.#database, nowMs);
      const rows = this.#database.all<{ record: string; seenAtMs: number; reserved: number }>(
        `SELECT record, seen_at_ms AS seenAtMs, coalesce(places, 0) AS reserved
         FROM nodes LEFT JOIN reserved_places USING (node_id) ORDER BY node_id`,
      );
      return rows.map((row) => toListedNode({ ...row, record: JSON.parse(row.record), nowMs }, this.#limits));
    });
  }

  /** True also where nobody holds the id. */
  #isOurs(nodeId: NodeId, bootId: BootId): boolean {
    const stored = this.#database.get<{ bootId: string }>(
      'SELECT boot_id AS bootId FROM nodes WHERE node_id = ?',
      nodeId,
    );
    return stored === undefined || stored.bootId === bootId;
  }

  #put(node: NodeRecord): void {
    this.#database.run(
      `INSERT OR REPLACE INTO nodes (node_id, boot_id, ready, capacity, live, seen_at_ms, record)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      node.nodeId,
      node.bootId,
      node.status === 'ready' ? 1 : 0,
      node.capacity,
      liveLinks(node),
      Date.now(),
      JSON.stringify(node),
    );
  }
}
