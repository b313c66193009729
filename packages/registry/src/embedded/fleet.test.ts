import type { DeviceId } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { device } from '../conformance/samples.fixture.ts';
import { Database } from './database.ts';
import { EmbeddedFleet } from './fleet.ts';

const idAt = (at: number) => `d-${String(at).padStart(5, '0')}` as DeviceId;

it('a search for devices goes on for 100 ms, through one part of them at least, and then in the next', async () => {
  let [nowMs, stepMs] = [0, 0];
  const machineMs = () => {
    nowMs += stepMs;
    return nowMs;
  };
  using database = Database.inMemory({ machineMs, wallMs: () => 1 });
  const fleet = new EmbeddedFleet(database);
  await fleet.putDevices(
    Array.from({ length: 12_000 }, (_, at) => ({ ...device(at, 'HQ'), id: idAt(at) })),
    () => {},
  );
  const search = { includeSubgroups: true, search: 'nobody', limit: 10 };
  const nextBy = async (ms: number, after?: DeviceId) => {
    stepMs = ms;
    return (await fleet.searchDevices({ ...search, ...(after && { after }) })).next;
  };
  expect(await nextBy(1_000)).toBe(idAt(4_999));
  expect(await nextBy(60)).toBe(idAt(9_999));
  expect(await nextBy(1_000, idAt(9_999))).toBeUndefined();
  expect(await nextBy(0)).toBeUndefined();
});
