import type { DeviceId } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { Sightings } from './sightings.ts';

const clone = (device: string) => ({ kind: 'device-clone-suspected', device: device as DeviceId, atMs: 7 }) as const;

it('remember for 15 minutes which devices are probably two, and that the registry was lost', () => {
  const clock = new ManualClock();
  const sightings = new Sightings(clock);
  expect(sightings.recent()).toBeUndefined();
  sightings.add([
    { kind: 'device-connected', device: 'd-0' as DeviceId, atMs: 7 },
    { ...clone('d-1'), reason: 'r' },
  ]);
  const lostAtMs = clock.wallMs();
  sightings.registryLost();
  expect(sightings.recent()).toEqual({
    clones: [{ device: 'd-1', atMs: 7, reason: 'r' }],
    registryLostAtMs: lostAtMs,
  });
  clock.advance(600_000);
  sightings.add([clone('d-1')]);
  clock.advance(600_000);
  expect(sightings.recent()).toEqual({ clones: [{ device: 'd-1', atMs: 7, reason: '' }] });
  clock.advance(300_001);
  expect(sightings.recent()).toBeUndefined();
});

it('keep the newest 20 devices', () => {
  const sightings = new Sightings(new ManualClock());
  for (let index = 0; index < 30; index += 1) sightings.add([clone(`d-${index}`)]);
  const kept = sightings.recent()?.clones.map(({ device }) => device);
  expect(kept).toEqual(Array.from({ length: 20 }, (_, index) => `d-${index + 10}`));
});
