import { parseEpoch, parseGroupPath, parseWorkerId, type TunnelId } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import type { FleetEvent, NewFleetEvent } from '../events.ts';
import type { Registry } from '../registry.ts';
import { arrivals, auditSample, deviceId, nodeId, nodeRecord } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';
import { eventually } from './store.fixture.ts';

const full: NewFleetEvent = {
  kind: 'device-disconnected',
  atMs: 1_795_377_000_000,
  device: deviceId(1),
  group: parseGroupPath('HQ/Lab'),
  epoch: parseEpoch(1_795_377_000_001),
  node: nodeId('dp-1'),
  worker: parseWorkerId('w0'),
  reason: 'größer als "vier"',
  tunnel: { id: 'tunnel-1' as TunnelId, target: '[::1]:22', bytesToDevice: 5_000_000_000, bytesFromDevice: 0 },
};

export function describeEvents(createStore: CreateStore): void {
  describe('events', () => {
    it('reads what was appended after a cursor, in that order, page by page', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const start = await registry.events.end();
      expect(await registry.events.end()).toBe(start);
      expect(await registry.events.read(start, 10)).toEqual([]);
      await registry.events.append([]);
      await registry.events.append([full, numbered(1)]);
      await registry.events.append([numbered(2), numbered(3)]);

      const first = await read(registry, start, 3);
      expect(first.map(({ cursor: _, ...event }) => event)).toEqual([full, numbered(1), numbered(2)]);
      const rest = await read(registry, first.at(-1)?.cursor ?? '', 3);
      expect(rest.map(({ atMs }) => atMs)).toEqual([3]);
      expect(rest[0]?.cursor).toBe(await registry.events.end());
      expect(await registry.events.read(rest[0]?.cursor ?? '', 3)).toEqual([]);
    });

    it('takes the events of heartbeats, in one order with all others', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const start = await registry.events.end();
      await registry.nodes.register(nodeRecord());
      await registry.nodes.heartbeat(nodeRecord(), { ...arrivals([deviceId(1)]), events: [numbered(1), numbered(2)] });
      await registry.events.append([numbered(3)]);
      await registry.nodes.heartbeat(nodeRecord(), { ...arrivals(), events: [numbered(4)] });
      expect((await read(registry, start, 10)).map(({ atMs }) => atMs)).toEqual([1, 2, 3, 4]);
    });

    it('keeps those of the audit apart, as they are', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const [events, audit] = [await registry.events.end(), await registry.audit.end()];
      await registry.audit.append([auditSample, { ...auditSample, count: 7 }]);
      expect(await registry.events.read(events, 10)).toEqual([]);
      expect(await registry.audit.read(audit, 10)).toEqual([
        { ...auditSample, cursor: expect.any(String) },
        { ...auditSample, count: 7, cursor: await registry.audit.end() },
      ]);
      expect(await registry.audit.read('0-0', 10)).toBe('gone');
    });

    it('loses and doubles none when several append and read at once', async () => {
      await using store = await createStore();
      await using one = await store.open();
      await using other = await store.open();
      const start = await one.events.end();
      const appending = Promise.all(
        Array.from({ length: 100 }, (_, index) => (index % 2 ? one : other).events.append([numbered(index)])),
      );
      const seen: number[] = [];
      let cursor = start;
      while (seen.length < 100) {
        for (const event of await read(other, cursor, 7)) {
          seen.push(event.atMs);
          cursor = event.cursor;
        }
      }
      await appending;
      expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index));
    });

    it('says "gone" where events after the cursor were lost or dropped, or it never was one', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const start = await registry.events.end();
      await registry.events.append([numbered(1)]);
      const [event] = await read(registry, start, 1);
      await store.wipe();
      // No store loses its data and is back within a millisecond; cursors tell the times of two apart.
      const lostAtMs = Date.now();
      await eventually(() => expect(Date.now()).toBeGreaterThan(lostAtMs));
      expect(await registry.events.read(start, 10)).toBe('gone');
      await registry.events.append([numbered(2), numbered(3), numbered(4)]);
      expect(await registry.events.read(start, 10)).toBe('gone');
      expect(await registry.events.read(event?.cursor ?? '', 10)).toBe('gone');
      for (const cursor of ['', 'x', '0-0', '99999999999999-0', '-', '1-']) {
        expect(await registry.events.read(cursor, 10)).toBe('gone');
      }
      expect(await registry.events.read(await registry.events.end(), 10)).toEqual([]);
    });

    it('keeps about the last 100,000', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      const start = await registry.events.end();
      const batch = Array.from({ length: 5_000 }, (_, index) => numbered(index));
      const append = async (batches: number) => {
        for (let round = 0; round < batches; round += 1) await registry.events.append(batch);
      };
      await append(1);
      const early = (await read(registry, start, 1))[0]?.cursor ?? '';
      await append(1);
      const late = await registry.events.end();
      await append(19);
      expect(await registry.events.read(early, 10)).toBe('gone');
      expect(await read(registry, late, 10)).toHaveLength(10);
    });
  });
}

function numbered(atMs: number): NewFleetEvent {
  return { kind: 'device-connected', atMs };
}

async function read(registry: Registry, cursor: string, limit: number): Promise<FleetEvent[]> {
  const events = await registry.events.read(cursor, limit);
  if (events === 'gone') throw new Error(`cursor ${cursor} is gone`);
  return events;
}
