import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { Statement } from './statement.ts';

function openTable(): DatabaseSync {
  const sqlite = new DatabaseSync(':memory:');
  sqlite.exec('CREATE TABLE t (device_id TEXT PRIMARY KEY, node TEXT, at_ms INTEGER) STRICT');
  return sqlite;
}

describe('a statement', () => {
  it('takes each value by its name, however often and in whatever order it is named', () => {
    using sqlite = openTable();
    const insert = new Statement(sqlite, 'INSERT INTO t (device_id, node, at_ms) VALUES (:id, :node, :atMs)');
    expect(insert.run({ atMs: 5, node: 'dp-1', id: 'd1' })).toBe(1);
    expect(insert.run({ id: 'd2', node: null, atMs: 7 })).toBe(1);
    const select = new Statement(
      sqlite,
      'SELECT node FROM t WHERE device_id = :id OR (at_ms > :atMs AND :id <> :other)',
    );
    expect(select.all({ id: 'd1', atMs: 6, other: 'x' })).toEqual([{ node: 'dp-1' }, { node: null }]);
    expect(select.get({ other: 'd1', id: 'd1', atMs: 6 })).toEqual({ node: 'dp-1' });
  });

  it('is not run without a value for each name, where SQLite would take NULL', () => {
    using sqlite = openTable();
    const insert = new Statement(sqlite, 'INSERT INTO t (device_id, node) VALUES (:id, :node)');
    expect(() => insert.run({ id: 'd1' })).toThrow(new TypeError('no value for the parameter :node'));
    expect(() => insert.run({ id: 'd1', Node: 'dp-1' })).toThrow(':node');
    expect(new Statement(sqlite, 'SELECT * FROM t').all({})).toEqual([]);
  });
});
