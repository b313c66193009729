import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { createEmbeddedStore, type EmbeddedStore } from './embedded-store.fixture.ts';
import { knownSchema } from './migrations.ts';
import { schema17 } from './schema-17.fixture.ts';

async function writeFileOf17(store: EmbeddedStore): Promise<void> {
  await mkdir(dirname(store.file), { recursive: true });
  using old = new DatabaseSync(store.file);
  old.exec(`${schema17}; PRAGMA user_version = 17`);
  old.exec("INSERT INTO groups (path) VALUES ('/berlin')");
}

/** Tables, indices and triggers, without the blanks of how they are written. */
function layoutOf(file: string): string[] {
  using sqlite = new DatabaseSync(file);
  const rows = sqlite.prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL').all();
  return rows
    .map(({ sql }) =>
      String(sql)
        .replaceAll(/--[^\n]*/g, '')
        .replaceAll(/\s+/g, ' ')
        // ALTER TABLE writes a comma where it likes.
        .replaceAll(/ ?([(),]) ?/g, '$1'),
    )
    .sort();
}

function versionOf(file: string): unknown {
  using sqlite = new DatabaseSync(file);
  return sqlite.prepare('PRAGMA user_version').get()?.user_version;
}

describe('the tables of the embedded registry', () => {
  it('are taken from version 17 to what is made anew, with what is in them', async () => {
    await using fresh = await createEmbeddedStore();
    await using old = await createEmbeddedStore();
    await writeFileOf17(old);
    await using _new = await fresh.open();
    await using registry = await old.open();
    expect(layoutOf(old.file)).toEqual(layoutOf(fresh.file));
    expect(versionOf(old.file)).toBe(knownSchema.version);
    expect(await registry.fleet.listGroups()).toContainEqual('/berlin');
  });

  it('are migrated once, however many processes open the file together', async () => {
    await using store = await createEmbeddedStore();
    await writeFileOf17(store);
    const registries = await Promise.all([store.open(), store.open(), store.open()]);
    for (const registry of registries) await registry[Symbol.asyncDispose]();
    expect(versionOf(store.file)).toBe(knownSchema.version);
  });

  it('stay as they are where a migration fails', async () => {
    await using store = await createEmbeddedStore();
    await writeFileOf17(store);
    {
      using old = new DatabaseSync(store.file);
      old.exec('CREATE TABLE schema_info (foreign_thing TEXT)');
    }
    const before = layoutOf(store.file);
    await expect(store.open()).rejects.toThrow(/schema_info already exists/);
    expect(layoutOf(store.file)).toEqual(before);
    expect(versionOf(store.file)).toBe(17);
  });

  it.each([
    [99, 99, `the layout 99; this program knows ${knownSchema.version} at most`],
    [16, undefined, 'the layout 16; this program takes over 17 at least'],
  ])('of version %i are refused, with what to do', async (version, readableFrom, words) => {
    await using store = await createEmbeddedStore();
    await (await store.open())[Symbol.asyncDispose]();
    {
      using other = new DatabaseSync(store.file);
      other.exec(`PRAGMA user_version = ${version}`);
      if (readableFrom) other.exec(`UPDATE schema_info SET readable_from = ${readableFrom}`);
    }
    await expect(store.open()).rejects.toThrow(words);
  });

  it('of a newer version are used where they say that this one can, and found unfit once they do not', async () => {
    await using store = await createEmbeddedStore();
    await (await store.open())[Symbol.asyncDispose]();
    using other = new DatabaseSync(store.file);
    other.exec(`PRAGMA user_version = ${knownSchema.version + 1}`);
    await using registry = await store.open();
    await registry.fleet.listGroups();
    expect(await registry.check()).toEqual([]);
    other.exec(`UPDATE schema_info SET readable_from = ${knownSchema.version + 1}`);
    expect(await registry.check()).toMatchObject([{ severity: 'unfit', about: 'schema' }]);
  });
});
