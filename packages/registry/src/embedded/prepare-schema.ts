import { PushfleetError } from '@pushfleet/protocol';
import type { RegistryFinding } from '../registry.ts';
import { judgeSchema, type SchemaVersion, schemaFindings } from '../schema-version.ts';
import { knownSchema, migrations } from './migrations.ts';
import { schema } from './schema.ts';
import type { SqlValues } from './statement.ts';

/** A file, as far as its tables are concerned. */
export interface Tables {
  get<Row extends object>(sql: string, values?: SqlValues): Row | undefined;
  run(sql: string, values?: SqlValues): number;
  /** Runs statements that make or change tables. */
  execute(sql: string): void;
}

/**
 * Makes the tables of a new file, or takes those of an older one to this version. Part of a transaction: all of it, or nothing.
 * @throws PushfleetError REGISTRY_UNAVAILABLE where this program cannot work with the file
 */
export function prepareSchema(database: Tables, file: string): void {
  const stored = storedSchema(database);
  if (stored.version === 0) {
    database.execute(schema);
  } else {
    const verdict = judgeSchema(stored, knownSchema);
    if (verdict.kind === 'fits') return;
    if (verdict.kind === 'refused') throw new PushfleetError('REGISTRY_UNAVAILABLE', `${file}: ${verdict.words}`);
    for (let version = stored.version; version < knownSchema.version; version += 1) {
      database.execute(migrations.get(version) as string);
    }
  }
  database.run('INSERT OR REPLACE INTO schema_info VALUES (1, :readableFrom)', {
    readableFrom: knownSchema.readableFrom,
  });
  database.execute(`PRAGMA user_version = ${knownSchema.version}`);
}

/** Whether the file still fits: another program may have taken it to another version. */
export function checkSchema(database: Tables): RegistryFinding[] {
  return schemaFindings(storedSchema(database), knownSchema);
}

/** Version 0: there is nothing in the file yet. */
function storedSchema(database: Tables): SchemaVersion {
  const version = database.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
  return { version, readableFrom: version <= knownSchema.version ? version : readableFrom(database, version) };
}

function readableFrom(database: Tables, version: number): number {
  const info = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_info'";
  if (!database.get(info)) return version;
  return database.get<{ n: number }>('SELECT readable_from AS n FROM schema_info WHERE id = 1')?.n ?? version;
}
