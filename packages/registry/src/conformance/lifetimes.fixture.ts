import { describe, expect, it } from 'vitest';
import type { Registry } from '../registry.ts';
import { deviceId, nodeId, nodeRecord, openSession, reservation, workerRef } from './samples.fixture.ts';
import { type ClockChange, type CreateStore, patientLimits } from './store.fixture.ts';

const minute = 60_000;
const hour = 60 * minute;

/** Things with a lifetime that somebody names last as long, whatever happens to the registry's clock. */
export function describeLifetimes(createStore: CreateStore): void {
  const after = async (
    change: ClockChange,
    prepare: (registry: Registry) => Promise<unknown>,
    look: typeof prepare,
  ) => {
    await using store = await createStore();
    // Nobody falls silent in this time.
    await using registry = await store.open({ ...patientLimits, suspectAfterMs: 2 * hour, deadAfterMs: 3 * hour });
    await registry.nodes.register(nodeRecord({ id: 'dp-1', capacity: 1 }));
    await prepare(registry);
    await store.turn(change);
    await look(registry);
  };
  const changes: [string, ClockChange, boolean][] = [
    ['its clock was set forward by an hour', { refusedMs: hour }, true],
    ['its clock was set back by an hour', { refusedMs: -hour }, true],
    ['it took no writes for an hour', { refusedMs: hour }, true],
    ['the time has passed', { idleMs: 2 * minute }, false],
    ['the time has passed, and then its clock was set back', { idleMs: 2 * minute, refusedMs: -hour }, false],
  ];

  describe.each(changes)('when %s', (_, change, lasts) => {
    it(`a lease ${lasts ? 'is still held' : 'has lapsed'}`, async () => {
      const hold = (holder: string) => (registry: Registry) => registry.leases.hold('housekeeping', holder, minute);
      await after(change, hold('one'), async (registry) => {
        const token = await hold('other')(registry);
        expect(token === undefined).toBe(lasts);
        expect(await registry.leases.release('housekeeping', 'one')).toBe(lasts);
      });
    });

    it(`a reservation ${lasts ? 'stands' : 'is void'}`, async () => {
      const reserve = (device: number) => (registry: Registry) =>
        registry.assignments.reserve(reservation(deviceId(device), [['dp-1']], { lapseMs: minute }));
      await after(change, reserve(1), async (registry) => {
        expect((await registry.nodes.list())[0]?.reserved).toBe(lasts ? 1 : 0);
        expect((await reserve(2)(registry)).kind).toBe(lasts ? 'full' : 'reserved');
      });
    });

    it(`a ticket key is listed ${lasts ? 'still' : 'no longer'}`, async () => {
      const publish = (registry: Registry) => registry.ticketKeys.publish({ kid: 'k', jwk: {} }, minute);
      await after(change, publish, async (registry) => {
        expect(await registry.ticketKeys.list()).toHaveLength(lasts ? 1 : 0);
      });
    });

    it(`keys of TLS session tickets are read ${lasts ? 'still' : 'no longer'}`, async () => {
      const put = (registry: Registry) => registry.tlsTicketKeys.replace('a', 0, 'sealed', minute);
      await after(change, put, async (registry) => {
        expect((await registry.tlsTicketKeys.read('a'))?.sealed).toBe(lasts ? 'sealed' : undefined);
        expect(await put(registry)).toBe(!lasts);
      });
    });

    it(`a grant for an API token ${lasts ? 'lasts' : 'has ended'}`, async () => {
      const grant = { hash: 'h', tokenName: 'a', tokenProof: 'p' };
      const put = (registry: Registry) => registry.consoleSessions.put(grant, minute, hour);
      await after(change, put, async ({ consoleSessions }) => {
        // What has ended does not come back.
        await consoleSessions.use('h', minute);
        expect(await consoleSessions.read(['h'])).toHaveLength(lasts ? 1 : 0);
        expect(await consoleSessions.end('h')).toEqual(lasts ? grant : undefined);
      });
    });

    it('a session is open, and its epochs grow', async () => {
      const at = { ...workerRef('dp-1'), nodeId: nodeId('dp-1') };
      const open = (registry: Registry) => openSession(registry, deviceId(1), at, 'mqtt');
      await after(change, open, async (registry) => {
        const { previous, epoch } = await open(registry);
        expect(previous?.epoch).toBeLessThan(epoch);
      });
    });
  });
}
