import { describe, expect, it } from 'vitest';
import type { Registry } from '../registry.ts';
import { arrivals, deviceId, nodeRecord, reservation } from './samples.fixture.ts';
import { type ClockChange, type CreateStore, patientLimits } from './store.fixture.ts';

const hour = 3_600_000;
const { suspectAfterMs, deadAfterMs } = patientLimits;

export function describeSilence(createStore: CreateStore): void {
  describe('silence of push servers', () => {
    const after = async (change: ClockChange, look: (registry: Registry) => Promise<void>) => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.nodes.heartbeat(nodeRecord(), arrivals([deviceId(1)]));
      await store.turn(change);
      await look(registry);
    };
    const livenessOf = async (registry: Registry) => (await registry.nodes.list())[0]?.liveness;
    const reserve = ({ assignments }: Registry) => assignments.reserve(reservation(deviceId(1), [['dp-1']]));

    const alive: [string, ClockChange][] = [
      ['took no writes for an hour', { refusedMs: hour }],
      ['had its clock set forward by an hour', { refusedMs: hour }],
      ['had its clock set back by an hour', { refusedMs: -hour }],
      ['took no writes, but for what is less than makes suspect', { refusedMs: hour, idleMs: suspectAfterMs / 2 }],
    ];
    it.each(alive)('does not count where the registry %s', async (_, change) => {
      await after(change, async (registry) => {
        expect(await registry.nodes.orphanedBoots()).toEqual([]);
        expect(await livenessOf(registry)).toBe('alive');
        expect(await reserve(registry)).toMatchObject({ kind: 'reserved' });
        expect(await registry.nodes.heartbeat(nodeRecord(), arrivals())).toBe('ok');
      });
    });

    const dead: [string, ClockChange][] = [
      ['could speak all the while', { idleMs: deadAfterMs }],
      ['could speak for long enough, then not for an hour', { idleMs: deadAfterMs, refusedMs: hour }],
      ['is asked about by a clock that is an hour behind', { idleMs: deadAfterMs, refusedMs: -hour }],
    ];
    it.each(dead)('counts of one that %s', async (_, change) => {
      await after(change, async (registry) => {
        expect(await registry.nodes.orphanedBoots()).toEqual(['dp-1-boot-w0']);
        expect(await livenessOf(registry)).toBe('dead');
        expect(await reserve(registry)).toEqual({ kind: 'none-ready' });
      });
    });

    it('is told of to the one who was silent, when it is heard again', async () => {
      await after({ idleMs: deadAfterMs }, async (registry) => {
        expect(await registry.nodes.heartbeat(nodeRecord(), arrivals())).toBe('revived');
        expect(await registry.nodes.heartbeat(nodeRecord(), arrivals())).toBe('ok');
        expect(await livenessOf(registry)).toBe('alive');
      });
    });

    it('begins anew with the data', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.nodes.register(nodeRecord());
      await store.turn({ idleMs: deadAfterMs });
      await store.wipe();
      await registry.nodes.register(nodeRecord());
      expect(await livenessOf(registry)).toBe('alive');
    });
  });
}
