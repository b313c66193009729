import type { DeviceId } from '@pushfleet/protocol';
import type { StoredDevice } from '@pushfleet/registry';
import { expect, it, vi } from 'vitest';
import { ManualClock } from '../../../../../test/time/manual-clock.ts';
import { KnownDevices } from './known-devices.ts';

/** Devices that all exist. */
function createKnown(capacity: number) {
  const clock = new ManualClock({ nowMs: 1 });
  const getDevices = async (ids: readonly DeviceId[]) => new Map(ids.map((id) => [id, {} as StoredDevice]));
  const known = new KnownDevices({ getDevices }, clock, capacity);
  const answers: unknown[] = [];
  const ask = (from: number, to: number) => {
    for (let nth = from; nth < to; nth += 1) known.ask(`d${nth}` as DeviceId, (error) => answers.push(error));
  };
  return { clock, known, ask, answers };
}

it('holds for a minute what the registry has said of 100,000 devices; the first one is forgotten', async () => {
  const { clock, known, ask, answers } = createKnown(200_000);
  ask(0, 100_000);
  await vi.waitFor(() => expect(answers).toHaveLength(100_000), 10_000);
  expect(['d0', 'd1', 'd99999'].map((id) => known.has(id as DeviceId))).toEqual([true, true, true]);
  ask(100_000, 100_001);
  await vi.waitFor(() => expect(answers).toHaveLength(100_001));
  expect(['d0', 'd1', 'd100000'].map((id) => known.has(id as DeviceId))).toEqual([false, true, true]);
  clock.advance(60_001);
  expect(known.has('d1' as DeviceId)).toBe(false);
});

it('refuses what more devices are asked about than may be', async () => {
  const { ask, answers } = createKnown(3);
  ask(0, 4);
  expect(answers).toMatchObject([{ code: 'OVERLOADED' }]);
  await vi.waitFor(() => expect(answers).toHaveLength(4));
  expect(answers.slice(1)).toEqual([undefined, undefined, undefined]);
});
