import { parseBootId, parseDeviceId } from '@pushfleet/protocol';
import type { NewFleetEvent } from '@pushfleet/registry';
import { describe, expect, it } from 'vitest';
import { SessionDelta } from './session-reporter.ts';

const resident = (id: string, boot = 'b1') => ({ device: parseDeviceId(id), bootId: parseBootId(boot) });
const event = (atMs: number): NewFleetEvent => ({ kind: 'device-connected', atMs });

describe('SessionDelta', () => {
  it('tells of a device that comes and goes how it ended', () => {
    const delta = new SessionDelta();
    for (const id of ['stays', 'stays', 'goes', 'returns']) delta.arrive(resident(id));
    delta.leave(resident('goes'));
    delta.leave(resident('was-here'));
    delta.leave(resident('returns'));
    delta.arrive(resident('returns'));
    delta.leave(resident('moves', 'b1'));
    delta.arrive(resident('moves', 'b2'));
    expect(delta.take()).toEqual({
      arrived: [resident('stays'), resident('goes'), resident('returns'), resident('moves', 'b2')],
      left: [resident('goes'), resident('was-here'), resident('moves', 'b1')],
      events: [],
    });
    expect(delta.take()).toEqual({ arrived: [], left: [], events: [] });
  });

  it('joins what could not be told with what came since', () => {
    const delta = new SessionDelta();
    delta.leave(resident('returns'));
    delta.arrive(resident('goes'));
    delta.addEvent(event(1));
    const untold = delta.take();
    delta.add(untold);
    delta.add({ arrived: [resident('returns')], left: [resident('goes')], events: [event(2)] });
    expect(delta.take()).toEqual({
      arrived: [resident('goes'), resident('returns')],
      left: [resident('goes')],
      events: [event(1), event(2)],
    });
  });

  it('drops the oldest of too many events, and says how many', () => {
    const delta = new SessionDelta();
    for (let index = 0; index < 70_000; index += 1) delta.addEvent(event(index));
    const { events } = delta.take();
    expect(events).toHaveLength(20_000);
    expect(events[0]?.atMs).toBe(50_000);
    expect(delta.takeDropped()).toBe(50_000);
    expect(delta.takeDropped()).toBe(0);
  });
});
