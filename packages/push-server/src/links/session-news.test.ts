import { parseBootId, parseDeviceId } from '@pushfleet/protocol';
import type { NewFleetEvent } from '@pushfleet/registry';
import { describe, expect, it } from 'vitest';
import { SessionNews } from './session-news.ts';

const resident = (id: string, boot = 'b1') => ({ device: parseDeviceId(id), bootId: parseBootId(boot) });
const event = (atMs: number): NewFleetEvent => ({ kind: 'device-connected', atMs });

describe('SessionNews', () => {
  it('tells of a device that comes and goes how it ended', () => {
    const news = new SessionNews();
    for (const id of ['stays', 'stays', 'goes', 'returns']) news.arrive(resident(id));
    news.leave(resident('goes'));
    news.leave(resident('was-here'));
    news.leave(resident('returns'));
    news.arrive(resident('returns'));
    news.leave(resident('moves', 'b1'));
    news.arrive(resident('moves', 'b2'));
    expect(news.take()).toEqual({
      arrived: [resident('stays'), resident('goes'), resident('returns'), resident('moves', 'b2')],
      left: [resident('goes'), resident('was-here'), resident('moves', 'b1')],
      events: [],
    });
    expect(news.take()).toEqual({ arrived: [], left: [], events: [] });
  });

  it('joins what could not be told with what came since', () => {
    const news = new SessionNews();
    news.leave(resident('returns'));
    news.arrive(resident('goes'));
    news.tell(event(1));
    const untold = news.take();
    news.add(untold);
    news.add({ arrived: [resident('returns')], left: [resident('goes')], events: [event(2)] });
    expect(news.take()).toEqual({
      arrived: [resident('goes'), resident('returns')],
      left: [resident('goes')],
      events: [event(1), event(2)],
    });
  });

  it('drops the oldest of too many events, and says how many', () => {
    const news = new SessionNews();
    for (let index = 0; index < 70_000; index += 1) news.tell(event(index));
    const { events } = news.take();
    expect(events).toHaveLength(20_000);
    expect(events[0]?.atMs).toBe(50_000);
    expect(news.takeDropped()).toBe(50_000);
    expect(news.takeDropped()).toBe(0);
  });
});
