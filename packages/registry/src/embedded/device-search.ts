import type { DeviceQuery } from '../fleet.ts';
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

/** The end of the statement that answers the query: all that follows the columns of `devices d`. */
export function deviceSearch(
  query: DeviceQuery,
  choose: (sets: readonly DeviceSet[]) => DeviceSet | undefined,
): { from: string; values: SqlValues } {
  const { after = '', limit } = query;
  const sets = setsOf(query);
  const first = choose(sets);
  if (!first)
    return {
      from: 'FROM devices d WHERE d.device_id > :after ORDER BY d.device_id LIMIT :limit',
      values: { after, limit },
    };
  const rest = sets.filter((set) => set !== first);
  const filters = rest.map(
    ({ table, condition }) => ` AND EXISTS (SELECT 1 FROM ${table} x WHERE ${condition} AND x.device_id = f.device_id)`,
  );
  // CROSS JOIN fixes the order of the loops: the chosen set leads, as its index is in the order of ids.
  const from = `FROM ${first.table} f CROSS JOIN devices d USING (device_id)
    WHERE ${first.condition.replaceAll('x.', 'f.')} AND f.device_id > :after${filters.join('')}
    ORDER BY f.device_id LIMIT :limit`;
  return { from, values: Object.assign({ after, limit }, ...sets.map(({ values }) => values)) };
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
