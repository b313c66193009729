import type { BootId, DeviceId } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import type { DeviceSearch, StoredDevice } from '../fleet.ts';
import { DeviceFinder, type DeviceFinderOptions } from './device-finder.ts';

const idAt = (at: number) => `d-${String(at).padStart(6, '0')}` as DeviceId;
const numberOf = (id: DeviceId) => Number(id.slice(2));

/** An index of so many devices, none of which has a session. */
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

it('looks up 5,000 records in one search, and goes on in the next', async () => {
  const all = new Set(Array.from({ length: 7_000 }, (_, at) => idAt(at)));
  const options = { ...indexOf(7_000), held: { by: async () => all } };
  const session = { kind: 'held', by: ['b' as BootId] } as const;
  const first = await new DeviceFinder(options, { ...query, session }).run('devices', []);
  expect(first).toEqual({ devices: [], next: idAt(4_999) });
  const after = first.next as DeviceId;
  expect(await new DeviceFinder(options, { ...query, session, after }).run('devices', [])).toEqual({ devices: [] });
});
