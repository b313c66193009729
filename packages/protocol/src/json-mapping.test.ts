import { describe, expect, it } from 'vitest';
import { loadAdminTypes } from './admin.ts';
import { types } from './descriptors.ts';
import { NotOfType, readJsonMessage } from './json-mapping.ts';

const resultType = types.lookupType('pushfleet.device.v1.CommandResult');
const statisticsType = types.lookupType('pushfleet.common.v1.Statistics');
const progressType = types.lookupType('pushfleet.common.v1.Progress');
const succeededType = types.lookupType('pushfleet.device.v1.Succeeded');
const statusType = types.lookupType('pushfleet.common.v1.CommandStatus');
const putType = loadAdminTypes().lookupType('pushfleet.admin.v1.PutDeviceRequest');
const queryType = types.lookupType('pushfleet.common.v1.GetStatistics');

describe('a value of the JSON mapping', () => {
  it.each([
    [resultType, {}, {}],
    [resultType, { succeeded: {}, commandId: null }, { succeeded: {} }],
    [resultType, { command_id: 'c' }, { commandId: 'c' }],
    [resultType, { cancelled: {}, laterField: [1, { deep: null }] }, { cancelled: {} }],
    [succeededType, { already_ended: true }, { alreadyEnded: true }],
    [succeededType, { output: 'aGk=' }, { output: Buffer.from('hi') }],
    [succeededType, { output: '_-8' }, { output: Buffer.from([0xff, 0xef]) }],
    [succeededType, { output: '' }, { output: Buffer.alloc(0) }],
    [progressType, { percent: '40', message: 'a\ud83d' }, { percent: 40, message: 'a\ufffd' }],
    [statisticsType, { counters: { a: 1, b: '2.5', c: 'NaN' } }, { counters: { a: 1, b: 2.5, c: Number.NaN } }],
    [statisticsType, { at: '2026-11-22T11:10:00Z' }, { atMs: Date.UTC(2026, 10, 22, 11, 10) }],
    [statisticsType, { at: '2026-11-22T12:10:00.250999999+01:00' }, { atMs: Date.UTC(2026, 10, 22, 11, 10, 0, 250) }],
    [statisticsType, { at: '0001-01-01T00:00:00Z' }, { atMs: -62_135_596_800_000 }],
    [statisticsType, { at: '9999-12-31T23:59:59.999Z' }, { atMs: 253_402_300_799_999 }],
    [queryType, { interval: '5s' }, { intervalMs: 5_000 }],
    [queryType, { interval: '0.000000001s' }, { intervalMs: 1 }],
    [queryType, { interval: '-1.5s' }, { intervalMs: -1_500 }],
    [queryType, { interval: '315576000000s' }, { intervalMs: 315_576_000_000_000 }],
    [statusType, { outcome: 'OUTCOME_FAILED' }, { outcome: 6 }],
    [statusType, { outcome: 99 }, { outcome: 99 }],
    [queryType, { counters: ['a', 'b'] }, { counters: ['a', 'b'] }],
    [putType, { updateMask: 'group,linkKinds' }, { updateMask: { paths: ['group', 'link_kinds'] } }],
    [putType, { update_mask: '' }, { updateMask: { paths: [] } }],
    [putType, { updateMask: '*' }, { updateMask: { paths: ['*'] } }],
  ])('of %s is read: %j', (type, value, expected) => {
    expect(readJsonMessage(type, value)).toEqual(expected);
  });

  it('may have keys that objects know already', () => {
    const read = readJsonMessage(statisticsType, JSON.parse('{"counters": {"__proto__": 1, "constructor": 2}}'));
    expect(Object.entries(read.counters as object)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
  });
});

describe('a value that only looks like one', () => {
  it.each([
    [resultType, null],
    [resultType, []],
    [resultType, 'succeeded'],
    [resultType, { succeeded: 1 }],
    [resultType, { succeeded: [] }],
    [resultType, { succeeded: {}, failed: {} }],
    [resultType, { commandId: 7 }],
    [putType, { updateMask: { paths: ['group'] } }],
    [putType, { updateMask: ['group'] }],
    [resultType, { failed: { reason: ['a'] } }],
    [succeededType, { output: { length: 300_000_000 } }],
    [succeededType, { output: { length: 8_388_480 } }],
    [succeededType, { output: [1, 2, 3] }],
    [succeededType, { output: 7 }],
    [succeededType, { output: 'a b' }],
    [succeededType, { output: 'größe' }],
    [succeededType, { output: 'a===' }],
    [succeededType, { alreadyEnded: 'yes' }],
    [progressType, { percent: -1 }],
    [progressType, { percent: 1.5 }],
    [progressType, { percent: 4_294_967_296 }],
    [progressType, { percent: '' }],
    [progressType, { percent: '0x10' }],
    [progressType, { percent: true }],
    [progressType, { message: { toString: 'a' } }],
    [statisticsType, { counters: [] }],
    [statisticsType, { counters: { length: 300_000_000, a: null } }],
    [statisticsType, { counters: { a: {} } }],
    [statisticsType, { counters: { a: '' } }],
    [statisticsType, { at: 1_795_377_000_000 }],
    [statisticsType, { at: { seconds: 1 } }],
    [statisticsType, { at: '' }],
    [statisticsType, { at: '2026-11-22' }],
    [statisticsType, { at: '2026-13-22T11:10:00Z' }],
    [statisticsType, { at: '2026-11-22T11:10:00' }],
    [statisticsType, { at: '10000-01-01T00:00:00Z' }],
    [queryType, { interval: 5 }],
    [queryType, { interval: '5' }],
    [queryType, { interval: '5ms' }],
    [queryType, { interval: '1e3s' }],
    [queryType, { interval: '315576000001s' }],
    [queryType, { interval: '1.0000000001s' }],
    [statusType, { outcome: 'toString' }],
    [statusType, { outcome: 1.5 }],
    [queryType, { counters: { length: 300_000_000 } }],
    [queryType, { counters: [null] }],
  ])('of %s is refused: %j', (type, value) => {
    expect(() => readJsonMessage(type, value)).toThrow(NotOfType);
  });
});
