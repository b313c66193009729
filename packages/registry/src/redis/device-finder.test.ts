import type { BootId, DeviceId } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import type { DeviceSearch, StoredDevice } from '../fleet.ts';
import type { SessionRef } from '../sessions.ts';
import { DeviceFinder, type DeviceFinderOptions } from './device-finder.ts';

const idAt = (at: number) => `d-${String(at).padStart(6, '0')}` as DeviceId;
const numberOf = (id: DeviceId) => Number(id.slice(2));

/** An index of so many devices, none of which has a session, read in no time. */
function indexOf(size: number): DeviceFinderOptions {
  return {
    index: {
      page: async (_index, after, limit) => {
        const from = after === undefined ? 0 : numberOf(after) + 1;
        return Array.from({ length: Math.max(0, Math.min(limit, size - from)) }, (_, at) => idAt(from + at));
      },
      inAll: async (_indexes, ids) => [...ids],
    },
    held: { by: async () => new Set() },
    read: async (ids) => ids.map((id) => ({ id }) as StoredDevice),
    sessionsOf: async () => new Map(),
    clock: new ManualClock(),
  };
}

const query: DeviceSearch = { includeSubgroups: true, limit: 10 };

it('looks at 200,000 ids in one search, and goes on in the next', async () => {
  const options = indexOf(300_000);
  const first = await new DeviceFinder(options, { ...query, search: '250000' }).run('devices', []);
  expect(first).toEqual({ devices: [], next: idAt(199_999) });
  const after = first.next as DeviceId;
  const second = await new DeviceFinder(options, { ...query, search: '250000', after }).run('devices', []);
  expect(second).toEqual({ devices: [{ id: idAt(250_000) }] });
});

it('looks for 100 ms in one search, at one part of the index at least, and goes on in the next', async () => {
  const clock = new ManualClock();
  const { index, ...options } = indexOf(20_000);
  const slow = (tookMs: number): DeviceFinderOptions => {
    const page: typeof index.page = async (...asked) => {
      clock.advance(tookMs);
      return index.page(...asked);
    };
    return { ...options, index: { ...index, page }, clock };
  };
  const search = { ...query, search: 'nobody' };
  // 500, 2,000 and 5,000 ids.
  expect(await new DeviceFinder(slow(40), search).run('devices', [])).toEqual({ devices: [], next: idAt(7_499) });
  expect(await new DeviceFinder(slow(900), search).run('devices', [])).toEqual({ devices: [], next: idAt(499) });
  expect(await new DeviceFinder(slow(10), search).run('devices', [])).toEqual({ devices: [] });
});

it('goes on in the middle of a part where its records and sessions take too long', async () => {
  const clock = new ManualClock();
  const sessionsOf = async () => {
    clock.advance(40);
    return new Map();
  };
  const options = { ...indexOf(7_000), held: { by: async () => undefined }, sessionsOf, clock };
  const session = { kind: 'held', by: ['b' as BootId] } as const;
  const first = await new DeviceFinder(options, { ...query, session }).run('devices', []);
  // 10 and 490 sessions of the first part, 500 of the second.
  expect(first).toEqual({ devices: [], next: idAt(999) });
});

it('goes by the sessions alone where it takes long to read who is held', async () => {
  const by = 'b' as BootId;
  const sessionsOf = async (ids: readonly DeviceId[]) =>
    new Map(ids.filter((id) => numberOf(id) % 2 === 0).map((id) => [id, { bootId: by } as SessionRef]));
  const options = { ...indexOf(100), held: { by: async () => undefined }, sessionsOf };
  for (const [kind, first] of [
    ['held', 0],
    ['not-held', 1],
  ] as const) {
    const found = await new DeviceFinder(options, { ...query, session: { kind, by: [by] } }).run('devices', []);
    expect(found.devices.map(({ id }) => numberOf(id))).toEqual(Array.from({ length: 10 }, (_, at) => 2 * at + first));
  }
});

it('reads no more ids than devices are asked for where every one will do', async () => {
  const { index, ...options } = indexOf(20_000);
  const asked: number[] = [];
  const page: typeof index.page = async (lead, after, limit) => {
    asked.push(limit);
    return index.page(lead, after, limit);
  };
  const finder = new DeviceFinder({ ...options, index: { ...index, page } }, query);
  expect((await finder.run('devices', [])).next).toBe(idAt(9));
  expect(asked).toEqual([10]);
});

it('looks up 5,000 records in one search, and goes on in the next', async () => {
  const all = new Set(Array.from({ length: 7_000 }, (_, at) => idAt(at)));
  const options = { ...indexOf(7_000), held: { by: async () => all } };
  const session = { kind: 'held', by: ['b' as BootId] } as const;
  const first = await new DeviceFinder(options, { ...query, session }).run('devices', []);
  expect(first).toEqual({ devices: [], next: idAt(4_999) });
  const after = first.next as DeviceId;
  expect(await new DeviceFinder(options, { ...query, session, after }).run('devices', [])).toEqual({ devices: [] });
});
