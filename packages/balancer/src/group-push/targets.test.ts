import type { DeviceId } from '@pushfleet/protocol';
import type { DeviceQuery, StoredDevice } from '@pushfleet/registry';
import { expect, it } from 'vitest';
import { DevicePager } from './targets.ts';
import { ids, plainRequest } from './test-bench.fixture.ts';

it('holds less than two pages of a thousand, and reads no more until they are taken', async () => {
  const all = ids(5_000);
  const pages: number[] = [];
  const listDevices = async ({ after, limit }: DeviceQuery): Promise<StoredDevice[]> => {
    pages.push(limit);
    const from = after === undefined ? 0 : all.indexOf(after) + 1;
    return all.slice(from, from + limit).map((id) => ({ id: id as DeviceId }) as StoredDevice);
  };
  const pager = new DevicePager({ listDevices }, plainRequest, undefined);
  await pager.readNext();
  expect([pager.waiting, pager.readNext()]).toEqual([1_000, undefined]);
  const taken = pager.take(1);
  const reading = pager.readNext();
  expect(pager.readNext()).toBeUndefined();
  await reading;
  expect([pager.waiting, pager.readNext()]).toEqual([1_999, undefined]);
  while (!pager.isEmpty) {
    taken.push(...pager.take(500));
    await pager.readNext();
    expect(pager.waiting).toBeLessThan(2_000);
  }
  expect(taken).toEqual(all);
  expect(new Set(pages)).toEqual(new Set([1_000]));
});
