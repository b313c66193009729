import type { RegistryFinding } from './registry.ts';

/** The layout of the data in a store, of which each change is one more. */
export interface SchemaVersion {
  version: number;
  /** The least version whose programs can work with it: at most `version`. */
  readableFrom: number;
}

/** The layouts that this program knows. */
export interface KnownSchema extends SchemaVersion {
  /** The least version from which there are migrations. */
  migratesFrom: number;
}

export type SchemaVerdict =
  | { kind: 'fits' }
  /** To be migrated first. */
  | { kind: 'older' }
  | { kind: 'refused'; words: string };

/** Whether this program can work with a store, and what to do where not. Pure. */
export function judgeSchema(stored: SchemaVersion, known: KnownSchema): SchemaVerdict {
  const { version, readableFrom } = stored;
  if (version === known.version) return { kind: 'fits' };
  if (version > known.version) {
    if (readableFrom <= known.version) return { kind: 'fits' };
    return refused(version, `this program knows ${known.version} at most: take the version of pushfleet that wrote it`);
  }
  if (version >= known.migratesFrom) return { kind: 'older' };
  const way = `upgrade first to a version of pushfleet that knows ${known.migratesFrom}`;
  return refused(version, `this program takes over ${known.migratesFrom} at least: ${way}`);
}

/** A finding about data that this program cannot work with; none about other data. */
export function schemaFindings(stored: SchemaVersion, known: KnownSchema): RegistryFinding[] {
  const verdict = judgeSchema(stored, known);
  return verdict.kind === 'refused' ? [{ severity: 'unfit', about: 'schema', words: verdict.words }] : [];
}

function refused(version: number, why: string): SchemaVerdict {
  return { kind: 'refused', words: `its data has the layout ${version}; ${why}` };
}
