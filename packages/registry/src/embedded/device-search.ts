import type { DeviceId } from '@pushfleet/protocol';
import type { DeviceQuery, DeviceSearch } from '../fleet.ts';
import type { Database } from './database.ts';
import type { SqlValues } from './statement.ts';

/** Devices that have one thing in common, kept in an index in the order of their ids. */
export interface DeviceSet {
  table: 'devices' | 'device_lineage' | 'device_labels';
  /** Its parameters have names of their own: sets are joined in one statement. */
  condition: string;
  values: SqlValues;
}

/** Counting stops here: sets that are larger are all the same. */
const countLimit = 2_000;

/** The end of the statement that answers the query: all that follows the columns of `devices d`. `f` has the id as well. */
export function deviceSearch(
  query: DeviceQuery,
  choose: (sets: readonly DeviceSet[]) => DeviceSet | undefined,
  { sql: condition, values: more } = noCondition,
): { from: string; values: SqlValues } {
  const { after = '', limit } = query;
  const sets = setsOf(query);
  const first = choose(sets);
  if (!first)
    return {
      from: `FROM devices d WHERE d.device_id > :after${condition.replaceAll('f.', 'd.')} ORDER BY d.device_id LIMIT :limit`,
      values: { after, limit, ...more },
    };
  const rest = sets.filter((set) => set !== first);
  const filters = rest.map(
    ({ table, condition }) => ` AND EXISTS (SELECT 1 FROM ${table} x WHERE ${condition} AND x.device_id = f.device_id)`,
  );
  // CROSS JOIN fixes the order of the loops: the chosen set leads, as its index is in the order of ids.
  const from = `FROM ${first.table} f CROSS JOIN devices d USING (device_id)
    WHERE ${first.condition.replaceAll('x.', 'f.')} AND f.device_id > :after${filters.join('')}${condition}
    ORDER BY f.device_id LIMIT :limit`;
  return { from, values: Object.assign({ after, limit, ...more }, ...sets.map(({ values }) => values)) };
}

/** More that devices `f` must meet: text that begins with AND, or is empty. */
export interface Condition {
  sql: string;
  values: SqlValues;
}

const noCondition: Condition = { sql: '', values: {} };

/** Conditions of each device beside the sets that it is in. @param upTo The last id that is looked at; `undefined`: to the end. */
export function conditionOf({ search, session }: DeviceSearch, upTo: DeviceId | undefined, nowMs: number): Condition {
  const parts: string[] = [];
  const values: Record<string, string | number> = {};
  if (upTo !== undefined) {
    parts.push(' AND f.device_id <= :upTo');
    values.upTo = upTo;
  }
  if (search) {
    parts.push(' AND instr(lower(f.device_id), :search) > 0');
    values.search = search.toLowerCase();
  }
  if (session) {
    const link = session.kind === 'held' && session.link ? ' AND s.link = :link' : '';
    if (session.kind === 'held' && session.link) values.link = session.link;
    Object.assign(values, { boots: JSON.stringify(session.by), nowMs });
    parts.push(` AND ${session.kind === 'held' ? '' : 'NOT '}EXISTS (SELECT 1 FROM sessions s WHERE s.device_id = f.device_id
      AND s.is_open = 1 AND s.kept_until_ms > :nowMs AND s.boot_id IN (SELECT value FROM json_each(:boots))${link})`);
  }
  return { sql: parts.join(''), values };
}

/** The smallest of them: every device in it is looked at, and looked up in the others. */
export function narrowest(database: Database, sets: readonly DeviceSet[]): DeviceSet | undefined {
  if (sets.length <= 1) return sets[0];
  const sizes = sets.map(({ table, condition, values }) => {
    const sql = `SELECT count(*) AS size FROM (SELECT 1 FROM ${table} x WHERE ${condition} LIMIT ${countLimit})`;
    return database.get<{ size: number }>(sql, values)?.size ?? 0;
  });
  return sets[sizes.indexOf(Math.min(...sizes))];
}

function setsOf({ group, includeSubgroups, labels = {} }: DeviceQuery): DeviceSet[] {
  const sets = Object.entries(labels).map(([label, value], index): DeviceSet => {
    const condition = `x.label = :label${index} AND x.value = :value${index}`;
    return { table: 'device_labels', condition, values: { [`label${index}`]: label, [`value${index}`]: value } };
  });
  if (group === undefined) return sets;
  const table = includeSubgroups ? 'device_lineage' : 'devices';
  return [...sets, { table, condition: 'x.group_path = :group', values: { group } }];
}
