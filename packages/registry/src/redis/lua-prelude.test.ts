import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { attemptWeight, lapseReason, rankOf, unconfirmedMs } from '../command-state.ts';
import { sessionMemoryMs } from '../sessions.ts';
import { luaConstants, luaPrelude, readStateField, readStateNode } from './lua-prelude.ts';
import { scripts } from './scripts.ts';

const folder = new URL('../../lua/', import.meta.url);
const files = readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const);
const withoutComments = (source: string) => source.replaceAll(/--.*$/gm, '');

describe('what stands in front of every script', () => {
  it('says the constants of TypeScript as locals', () => {
    const lines = luaPrelude.split('\n');
    expect(lines).toContain(`local OUTCOME_RUNNING = ${rankOf('OUTCOME_RUNNING')}`);
    expect(lines).toContain(`local UNCONFIRMED_MS = ${unconfirmedMs}`);
    expect(lines).toContain(`local ATTEMPT_WEIGHT_LIMIT = ${attemptWeight.limit}`);
    expect(lines).toContain(`local SESSION_MEMORY_MS = ${sessionMemoryMs}`);
    expect(lines).toContain(`local REASON_EXPIRED = '${lapseReason.queued}'`);
    expect(lines).toContain('local STAGE_SPAN = 1000000000000000');
    for (const { source } of Object.values(scripts)) expect(source.startsWith(luaPrelude)).toBe(true);
  });

  it('declares every constant that a script names', () => {
    for (const [name, source] of files) {
      const named = withoutComments(source).match(/\b[A-Z][A-Z]*_[A-Z_]+\b/g) ?? [];
      const unknown = named.filter((constant) => !Object.hasOwn(luaConstants, constant));
      expect([name, unknown]).toEqual([name, []]);
    }
  });

  it('is the only place that says them', () => {
    const texts = Object.values(luaConstants).filter((value) => typeof value === 'string');
    const large = Object.values(luaConstants).filter((value) => typeof value === 'number' && value >= 2_000);
    expect(texts.length + large.length).toBeGreaterThan(12);
    for (const [name, source] of files) {
      const words = texts
        .flatMap((text) => text.split('%s'))
        .filter((part) => part.length > 12 && source.includes(part.trim()));
      const numbers = large.filter((value) => new RegExp(`\\b${value}\\b`).test(withoutComments(source)));
      expect([name, words, numbers]).toEqual([name, [], []]);
    }
  });

  it('has no constant that no script names', () => {
    const named = new Set(files.flatMap(([, source]) => withoutComments(source).match(/\b[A-Z][A-Z_]+\b/g) ?? []));
    const unused = Object.keys(luaConstants).filter((constant) => !named.has(constant));
    // The outcomes are all there, whether or not a script needs each.
    expect(unused.filter((constant) => !constant.startsWith('OUTCOME_'))).toEqual([]);
  });

  it('packs states so that they are read by the same offsets', () => {
    const packed = Buffer.alloc(98);
    packed.writeUInt8(2, 0);
    packed.writeUInt8(7, 1);
    packed.writeDoubleLE(1e14 + 3, 2);
    packed.writeDoubleLE(1_700_000_000_123, 18);
    packed.writeUInt8(1, 92);
    packed.write('dp-1\n', 93);
    const names = ['stage', 'outcome', 'rank', 'accepted', 'cancel'] as const;
    expect(names.map((name) => readStateField(packed, name))).toEqual([2, 7, 1e14 + 3, 1_700_000_000_123, 1]);
    expect(readStateNode(packed)).toBe('dp-1\n');
    expect(luaPrelude).toContain("struct.unpack('<BBdddddddddddBBB', packed)");
    expect(luaPrelude).toContain('node = string.sub(packed, 94)');
  });
});
