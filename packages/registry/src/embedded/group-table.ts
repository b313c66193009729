import { type DeviceId, type GroupPath, groupLineage, type NodeId } from '@pushfleet/protocol';
import type { DistributionPoint, GroupMoveStart, GroupUsers } from '../fleet.ts';
import { movedPath } from '../group-move.ts';
import type { Database } from './database.ts';
import type { SqlValues } from './statement.ts';

/** How many of each that uses a group are named. */
const named = 5;

/** The tree of groups. Every method runs inside a transaction of its caller. */
export class GroupTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  put(path: GroupPath): void {
    for (const group of groupLineage(path))
      this.#database.run('INSERT OR IGNORE INTO groups (path) VALUES (:group)', { group });
  }

  has(path: GroupPath): boolean {
    return this.#database.get('SELECT path FROM groups WHERE path = :path', { path }) !== undefined;
  }

  list(): GroupPath[] {
    return this.#paths('SELECT path FROM groups ORDER BY path');
  }

  delete(path: GroupPath): 'deleted' | 'absent' | GroupUsers {
    if (!this.has(path)) return 'absent';
    const users = this.#usersOf(path);
    if (Object.values(users).some((list) => list.length > 0)) return users;
    this.#database.run('DELETE FROM groups WHERE path = :path', { path });
    return 'deleted';
  }

  beginMove(path: GroupPath, newPath: GroupPath): GroupMoveStart {
    const sql = 'SELECT new_path AS path FROM group_moves WHERE path = :path';
    const known = this.#database.get<{ path: GroupPath }>(sql, { path })?.path;
    if (known !== undefined) return known === newPath ? 'begun' : 'busy';
    if (!this.has(path)) return 'absent';
    if (this.has(newPath)) return 'taken';
    this.#database.run('INSERT INTO group_moves (path, new_path) VALUES (:path, :newPath)', { path, newPath });
    for (const group of [path, ...this.#subgroups(path, -1)]) this.put(movedPath(group, path, newPath));
    return 'begun';
  }

  removeTree(path: GroupPath): void {
    const sql = 'DELETE FROM groups WHERE path = :path OR (path > :from AND path < :to)';
    this.#database.run(sql, { path, ...subgroupRange(path) });
  }

  #usersOf(path: GroupPath): GroupUsers {
    const points = this.#database.all<{ record: string }>('SELECT record FROM distribution_points ORDER BY point_id');
    const naming = points
      .map(({ record }): DistributionPoint => JSON.parse(record))
      .filter(({ groups }) => groups.includes(path));
    const devices = this.#database.all<{ id: DeviceId }>(
      'SELECT device_id AS id FROM device_lineage WHERE group_path = :path ORDER BY device_id LIMIT :named',
      { path, named },
    );
    return {
      subgroups: this.#subgroups(path, named),
      distributionPoints: naming.slice(0, named).map(({ id }): NodeId => id),
      devices: devices.map(({ id }) => id),
    };
  }

  #subgroups(path: GroupPath, limit: number): GroupPath[] {
    const sql = 'SELECT path FROM groups WHERE path > :from AND path < :to ORDER BY path LIMIT :limit';
    return this.#paths(sql, { ...subgroupRange(path), limit });
  }

  #paths(sql: string, values: SqlValues = {}): GroupPath[] {
    return this.#database.all<{ path: GroupPath }>(sql, values).map(({ path }) => path);
  }
}

/** "0" is the character that follows "/". */
function subgroupRange(path: GroupPath): { from: string; to: string } {
  return { from: `${path}/`, to: `${path}0` };
}
