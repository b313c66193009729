import { parseBootId } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import type { NodeRecord } from '../nodes.ts';
import type { Registry } from '../registry.ts';
import {
  arrivals,
  beat,
  deviceId,
  nodeId,
  nodeRecord,
  orphanedBoots,
  register,
  reservation,
} from './samples.fixture.ts';
import { type ClockChange, type CreateStore, patientLimits } from './store.fixture.ts';

const hour = 3_600_000;
const { suspectAfterMs, deadAfterMs } = patientLimits;

export function describeSilence(createStore: CreateStore): void {
  describe('silence of push servers', () => {
    const after = async (change: ClockChange, look: (registry: Registry) => Promise<void>) => {
      await using store = await createStore();
      await using registry = await store.open();
      await register(registry, nodeRecord());
      await beat(registry, nodeRecord(), arrivals([deviceId(1)]));
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
        expect(await orphanedBoots(registry)).toEqual([]);
        expect(await livenessOf(registry)).toBe('alive');
        expect(await reserve(registry)).toMatchObject({ kind: 'reserved' });
        expect(await beat(registry, nodeRecord(), arrivals())).toBe('ok');
      });
    });

    const dead: [string, ClockChange][] = [
      ['could speak all the while', { idleMs: deadAfterMs }],
      ['could speak for long enough, then not for an hour', { idleMs: deadAfterMs, refusedMs: hour }],
      ['is asked about by a clock that is an hour behind', { idleMs: deadAfterMs, refusedMs: -hour }],
    ];
    it.each(dead)('counts of one that %s', async (_, change) => {
      await after(change, async (registry) => {
        expect(await orphanedBoots(registry)).toEqual(['dp-1-boot-w0']);
        expect(await livenessOf(registry)).toBe('dead');
        expect(await reserve(registry)).toEqual({ kind: 'none-ready' });
      });
    });

    const w0 = parseBootId('dp-1-boot-w0');
    const [asBefore, reborn] = [nodeRecord(), nodeRecord({ boot: 'next' })].map((record) => ({
      ...record,
      bootId: nodeRecord().bootId,
    })) as [NodeRecord, NodeRecord];

    it('has no consequences where nobody has claimed what was left behind, and nobody can any more', async () => {
      await after({ idleMs: deadAfterMs }, async (registry) => {
        expect(await beat(registry, asBefore, arrivals())).toBe('ok');
        expect(await livenessOf(registry)).toBe('alive');
        expect(await registry.nodes.claimBoot(w0)).toBe(false);
        expect(await beat(registry, asBefore, arrivals())).toBe('ok');
      });
    });

    const fates: [string, (registry: Registry) => Promise<unknown>][] = [
      ['is listed as dead', async () => {}],
      ['was taken out', ({ nodes }) => nodes.retire(nodeId('dp-1'), nodeRecord().bootId)],
    ];
    it.each(fates)('is told of, until it has other boot ids, to one that was claimed and %s', async (_, befall) => {
      await after({ idleMs: deadAfterMs }, async (registry) => {
        expect(await registry.nodes.claimBoot(w0)).toBe(true);
        expect(await registry.nodes.claimBoot(w0)).toBe(true);
        await befall(registry);
        for (let beats = 0; beats < 2; beats += 1) {
          expect(await beat(registry, asBefore, arrivals())).toBe('revived');
          expect(await livenessOf(registry)).toBe('alive');
        }
        expect(await beat(registry, reborn, arrivals())).toBe('ok');
        expect(await orphanedBoots(registry)).toEqual([w0]);
        expect(await registry.nodes.claimBoot(w0)).toBe(true);
        expect(await beat(registry, reborn, arrivals())).toBe('ok');
      });
    });

    it('is forgotten a day after it was claimed', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await registry.nodes.heartbeat(asBefore, arrivals());
      await store.turn({ idleMs: deadAfterMs });
      await registry.nodes.claimBoot(w0);
      await store.turn({ idleMs: 24 * hour });
      await registry.nodes.claimBoot(parseBootId('of-somebody-else'));
      expect(await beat(registry, asBefore, arrivals())).toBe('ok');
    });

    it('begins anew with the data', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await register(registry, nodeRecord());
      await store.turn({ idleMs: deadAfterMs });
      await store.wipe();
      await register(registry, nodeRecord());
      expect(await livenessOf(registry)).toBe('alive');
    });
  });
}
