import type { DeviceId } from '@pushfleet/protocol';
import type { DeviceQuery, StoredDevice } from '@pushfleet/registry';
import { expect, it } from 'vitest';
import { Roll } from './roll.ts';
import { ids, plainRequest } from './stage.fixture.ts';

it('holds less than two pages of a thousand, and reads no more until they are taken', async () => {
  const all = ids(5_000);
  const pages: number[] = [];
  const listDevices = async ({ after, limit }: DeviceQuery): Promise<StoredDevice[]> => {
    pages.push(limit);
    const from = after === undefined ? 0 : all.indexOf(after) + 1;
    return all.slice(from, from + limit).map((id) => ({ id: id as DeviceId }) as StoredDevice);
  };
  const roll = new Roll({ listDevices }, plainRequest, undefined);
  await roll.readOn();
  expect([roll.waiting, roll.readOn()]).toEqual([1_000, undefined]);
  const taken = roll.take(1);
  const reading = roll.readOn();
  expect(roll.readOn()).toBeUndefined();
  await reading;
  expect([roll.waiting, roll.readOn()]).toEqual([1_999, undefined]);
  while (!roll.isEmpty) {
    taken.push(...roll.take(500));
    await roll.readOn();
    expect(roll.waiting).toBeLessThan(2_000);
  }
  expect(taken).toEqual(all);
  expect(new Set(pages)).toEqual(new Set([1_000]));
});
