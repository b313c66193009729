import type { DeviceId } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { CommandedDevices } from './commanded-devices.ts';
import type { RedisConnection } from './connection.ts';
import { createKeys } from './keys.ts';

it('remembers up to 100,000 devices as marked, and then marks them anew', async () => {
  const marked: number[] = [];
  const run = async (_script: unknown, _keys: unknown, devices: unknown[]) => void marked.push(devices.length);
  const redis = { serverChanges: 0, run } as unknown as RedisConnection;
  const commanded = new CommandedDevices(redis, createKeys('test'));
  const ids = Array.from({ length: 100_001 }, (_, nth) => `d${nth}` as DeviceId);
  await commanded.mark(ids.slice(0, 100_000));
  await commanded.mark(ids.slice(0, 100_000));
  expect(marked).toEqual([100_000]);
  await commanded.mark(ids.slice(100_000));
  await commanded.mark(ids);
  expect(marked).toEqual([100_000, 1, 100_000]);
});
