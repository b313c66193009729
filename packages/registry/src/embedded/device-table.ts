import { type DeviceId, type GroupPath, groupLineage } from '@pushfleet/protocol';
import type { Device, DeviceQuery, DeviceSearch, StoredDevice, VoidedTickets } from '../fleet.ts';
import type { SessionRef } from '../sessions.ts';
import { deletionMemoryMs, sessionMemoryMs } from '../sessions.ts';
import { CommandTable } from './command-table.ts';
import type { Database } from './database.ts';
import { type Generations, generationsOf } from './device-facts.ts';
import { conditionOf, deviceSearch, narrowest } from './device-search.ts';
import { findOpenSession, recordEnd } from './sessions.ts';
import { readWriteClock } from './write-clock.ts';

interface DeviceRow {
  id: DeviceId;
  path: GroupPath;
  secretHash: string;
  generation: number;
  labels: string;
  linkKinds: string;
}

const selectDevices =
  'SELECT d.device_id AS id, d.group_path AS path, d.secret_hash AS secretHash, d.generation, d.labels, d.link_kinds AS linkKinds';

/** Devices, and what they are found by. Every method runs inside a transaction of its caller. */
export class DeviceTable {
  readonly #database: Database;
  readonly #commands: CommandTable;

  constructor(database: Database) {
    this.#database = database;
    this.#commands = new CommandTable(database);
  }

  put({ id, group, secretHash, labels, linkKinds }: Device): VoidedTickets | undefined {
    const before = this.get(id);
    const isSame = before?.secretHash === secretHash;
    const known = generationsOf(this.#database, id);
    const generation = isSame ? before.generation : this.#nextGeneration(known);
    const isRekeyed = before !== undefined && !isSame;
    // Of a new device none: if it is one that the registry has lost, its session and its tickets stay good.
    const validFrom = isRekeyed ? generation : (known?.validFrom ?? 1);
    if (before) this.#remove(before);
    const sql = `INSERT INTO devices (device_id, group_path, secret_hash, generation, valid_from, labels, link_kinds)
      VALUES (:id, :group, :secretHash, :generation, :validFrom, :labels, :linkKinds)`;
    const json = { labels: JSON.stringify(labels), linkKinds: JSON.stringify(linkKinds) };
    this.#database.run(sql, { id, group, secretHash, generation, validFrom, ...json });
    this.#database.run('DELETE FROM deleted_devices WHERE device_id = :id', { id });
    this.#enterGroups(id, group);
    for (const [label, value] of Object.entries(labels)) {
      const insert = 'INSERT INTO device_labels (label, value, device_id) VALUES (:label, :value, :id)';
      this.#database.run(insert, { label, value, id });
    }
    return isRekeyed ? { device: id, generation, session: this.#endSession(id) } : undefined;
  }

  move(id: DeviceId, group: GroupPath): boolean {
    const device = this.get(id);
    if (!device) return false;
    this.#leaveGroups(id, device.group);
    this.#database.run('UPDATE devices SET group_path = :group WHERE device_id = :id', { group, id });
    this.#enterGroups(id, group);
    return true;
  }

  delete(id: DeviceId): { absent: boolean; voided: VoidedTickets } {
    const device = this.get(id);
    const nowMs = this.#database.wallMs();
    const generation = this.#nextGeneration(generationsOf(this.#database, id));
    if (device) this.#remove(device);
    const sql = `INSERT OR REPLACE INTO deleted_devices (device_id, generation, kept_until_ms)
      VALUES (:id, :generation, :keptUntilMs)`;
    const keptUntilMs = readWriteClock(this.#database) + deletionMemoryMs;
    this.#database.run(sql, { id, generation, keptUntilMs });
    this.#forgetDeleted();
    this.#commands.endAll(id, nowMs);
    const voided = { device: id, generation, session: this.#endSession(id) };
    this.#database.run("UPDATE sessions SET moves = '' WHERE device_id = :id", { id });
    return { absent: device === undefined, voided };
  }

  voidTickets(id: DeviceId): VoidedTickets | undefined {
    if (!this.get(id)) return undefined;
    const generation = this.#nextGeneration(generationsOf(this.#database, id));
    const sql = 'UPDATE devices SET generation = :generation, valid_from = :generation WHERE device_id = :id';
    this.#database.run(sql, { generation, id });
    return { device: id, generation, session: this.#endSession(id) };
  }

  get(id: DeviceId): StoredDevice | undefined {
    const row = this.#database.get<DeviceRow>(`${selectDevices} FROM devices d WHERE d.device_id = :id`, { id });
    return row && toDevice(row);
  }

  list(query: DeviceQuery): StoredDevice[] {
    const { from, values } = deviceSearch(query, (sets) => narrowest(this.#database, sets));
    const sql = `${selectDevices} ${from}`;
    return this.#database.all<DeviceRow>(sql, values).map(toDevice);
  }

  listIds(query: DeviceQuery): DeviceId[] {
    const { from, values } = deviceSearch(query, (sets) => narrowest(this.#database, sets));
    return this.#database.all<{ id: DeviceId }>(`SELECT d.device_id AS id ${from}`, values).map(({ id }) => id);
  }

  /** The same as `list` among the next `lookedAt` devices. `upTo`: the last of these, where there are more. */
  search(query: DeviceSearch, lookedAt: number): { devices: StoredDevice[]; upTo: DeviceId | undefined } {
    const next =
      'SELECT device_id AS id FROM devices WHERE device_id > :after ORDER BY device_id LIMIT 1 OFFSET :lookedAt - 1';
    const upTo = this.#database.get<{ id: DeviceId }>(next, { after: query.after ?? '', lookedAt })?.id;
    const condition = conditionOf(query, upTo, readWriteClock(this.#database));
    const { from, values } = deviceSearch(query, (sets) => narrowest(this.#database, sets), condition);
    return { devices: this.#database.all<DeviceRow>(`${selectDevices} ${from}`, values).map(toDevice), upTo };
  }

  count(group: GroupPath): number {
    const sql = 'SELECT count(*) AS devices FROM device_lineage WHERE group_path = :group';
    return this.#database.get<{ devices: number }>(sql, { group })?.devices ?? 0;
  }

  #remove({ id, group, labels }: Device): void {
    this.#leaveGroups(id, group);
    for (const [label, value] of Object.entries(labels)) {
      const sql = 'DELETE FROM device_labels WHERE label = :label AND value = :value AND device_id = :id';
      this.#database.run(sql, { label, value, id });
    }
    this.#database.run('DELETE FROM devices WHERE device_id = :id', { id });
  }

  /** At least the clock, as epochs are: it grows also where it was forgotten. */
  #nextGeneration(known: Generations | undefined): number {
    return Math.max((known?.generation ?? -1) + 1, this.#database.wallMs());
  }

  /** Closes it, so that no assertion opens it again. Answers what was open. */
  #endSession(device: DeviceId): SessionRef | undefined {
    const session = findOpenSession(this.#database, device);
    recordEnd(this.#database, device, 'ticketVoid');
    const sql =
      'UPDATE sessions SET is_open = 0, is_reaped = 0, kept_until_ms = :keptUntilMs WHERE device_id = :device';
    this.#database.run(sql, { keptUntilMs: readWriteClock(this.#database) + sessionMemoryMs, device });
    return session;
  }

  /** A few at each deletion keep up with any number of them. */
  #forgetDeleted(): void {
    const old = 'SELECT device_id FROM deleted_devices WHERE kept_until_ms <= :nowMs ORDER BY kept_until_ms LIMIT 4';
    const sql = `DELETE FROM deleted_devices WHERE device_id IN (${old})`;
    this.#database.run(sql, { nowMs: readWriteClock(this.#database) });
  }

  #enterGroups(id: DeviceId, group: GroupPath): void {
    for (const path of groupLineage(group)) {
      this.#database.run('INSERT INTO device_lineage (group_path, device_id) VALUES (:path, :id)', { path, id });
    }
  }

  #leaveGroups(id: DeviceId, group: GroupPath): void {
    for (const path of groupLineage(group)) {
      this.#database.run('DELETE FROM device_lineage WHERE group_path = :path AND device_id = :id', { path, id });
    }
  }
}

function toDevice({ id, path, secretHash, generation, labels, linkKinds }: DeviceRow): StoredDevice {
  return { id, group: path, secretHash, generation, labels: JSON.parse(labels), linkKinds: JSON.parse(linkKinds) };
}
