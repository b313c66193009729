import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { fixed, LiveValue } from '../live.ts';
import { silentLogger } from '../logger.ts';
import { TicketKeyRing, type TicketKeyRingOptions, TicketKeySealer, type TicketKeyStore } from './ticket-key-ring.ts';

const hour = 3_600_000;
const secret = Buffer.from('a secret of the cluster');

class MemoryStore implements TicketKeyStore {
  readonly entries = new Map<string, { revision: number; sealed: string }>();
  isAway = false;

  async read(id: string) {
    if (this.isAway) throw new Error('away');
    return this.entries.get(id);
  }

  async replace(id: string, revision: number, sealed: string) {
    if (this.isAway) throw new Error('away');
    if ((this.entries.get(id)?.revision ?? 0) !== revision) return false;
    this.entries.set(id, { revision: revision + 1, sealed });
    return true;
  }
}

function create() {
  const [store, clock] = [new MemoryStore(), new ManualClock()];
  const ring = (more: Partial<TicketKeyRingOptions> = {}) =>
    new TicketKeyRing({
      ...{ store, secret: fixed(secret), purpose: 'device', rotationMs: 24 * hour, clock, logger: silentLogger },
      ...more,
    });
  const hex = ({ keys }: TicketKeyRing) => keys.map((key) => key.toString('hex'));
  return { store, clock, ring, hex };
}

describe('the keys of TLS session tickets', () => {
  it('are the same in all processes of a cluster, whoever comes first', async () => {
    const { ring, hex } = create();
    const rings = Array.from({ length: 5 }, () => ring());
    await Promise.all(rings.map((each) => each.refresh()));
    await Promise.all(rings.map((each) => each.refresh()));
    const [first] = rings.map(hex);
    expect(first).toHaveLength(1);
    expect(first?.[0]).toHaveLength(96);
    for (const each of rings) expect(hex(each)).toEqual(first);
  });

  it('are followed by another one when they are old, and the one before stays good; never more than two', async () => {
    const { clock, ring, hex } = create();
    const [one, other] = [ring(), ring()];
    const seen: string[][] = [];
    for (let day = 0; day < 4; day += 1) {
      await one.refresh();
      await other.refresh();
      expect(hex(other)).toEqual(hex(one));
      seen.push(hex(one));
      clock.advance(24 * hour - 1);
      await one.refresh();
      expect(hex(one)).toEqual(seen.at(-1));
      clock.advance(1);
    }
    expect(seen.map((keys) => keys.length)).toEqual([1, 2, 2, 2]);
    for (const [day, [, previous]] of seen.entries()) expect(previous).toBe(seen[day - 1]?.[0]);
  });

  it('do not outlive a cluster that stood still for longer than they are good', async () => {
    const { clock, ring, hex } = create();
    const one = ring();
    await one.refresh();
    const [old] = hex(one);
    clock.advance(48 * hour);
    await one.refresh();
    expect(hex(one)).toHaveLength(1);
    expect(hex(one)).not.toContain(old);
  });

  it('are put back where the registry has lost them, and stay in use while it is away', async () => {
    const { store, ring, hex } = create();
    const [one, other] = [ring(), ring()];
    await one.refresh();
    const keys = hex(one);
    store.isAway = true;
    await one.refresh();
    expect(hex(one)).toEqual(keys);
    store.isAway = false;
    store.entries.clear();
    await one.refresh();
    await other.refresh();
    expect([hex(one), hex(other)]).toEqual([keys, keys]);
  });

  it.each<[string, Partial<TicketKeyRingOptions>]>([
    ['another secret', { secret: fixed(Buffer.from('another secret')) }],
    ['another purpose', { purpose: 'assignment' }],
  ])('are others for those with %s', async (_, more) => {
    const { ring, hex } = create();
    const [one, other] = [ring(), ring(more)];
    await one.refresh();
    await other.refresh();
    await one.refresh();
    expect(hex(one)).toHaveLength(1);
    expect(hex(other)).toHaveLength(1);
    expect(hex(other)).not.toEqual(hex(one));
  });

  it('are others at once with another secret, and none of the former is kept', async () => {
    const { ring, hex } = create();
    const [former, next] = [secret, Buffer.from('another secret')];
    const live = new LiveValue<Uint8Array>(former);
    const one = ring({ secret: live });
    await one.refresh();
    const [before] = hex(one);
    live.replace(next);
    await vi.waitFor(() => expect(hex(one)).toHaveLength(1));
    expect(hex(one)).not.toContain(before);
    const other = ring({ secret: fixed(next) });
    await other.refresh();
    expect(hex(other)).toEqual(hex(one));
  });

  it('are made anew where somebody has changed what the registry holds', async () => {
    const { store, ring, hex } = create();
    const one = ring();
    await one.refresh();
    const keys = hex(one);
    for (const [id, entry] of store.entries) {
      const changed = Buffer.from(entry.sealed, 'base64');
      changed.writeUInt8(changed.readUInt8(0) ^ 1, 0);
      store.entries.set(id, { ...entry, sealed: changed.toString('base64') });
    }
    const other = ring();
    await other.refresh();
    expect(hex(other)).toHaveLength(1);
    expect(hex(other)).not.toEqual(keys);
    await one.refresh();
    expect(hex(one)).toEqual(hex(other));
  });

  it('are given to whoever uses them, now and when they change', async () => {
    const { clock, ring } = create();
    const one = ring();
    const given: number[] = [];
    using _ = one.onKeys((keys) => given.push(keys.length));
    await one.start();
    await clock.turn(23 * hour, hour);
    expect(given).toEqual([0, 1]);
    await clock.turn(2 * hour, hour);
    expect(given).toEqual([0, 1, 2]);
    one[Symbol.dispose]();
    expect(clock.pending).toBe(0);
  });

  it('are nothing that the registry could read', () => {
    const sealer = new TicketKeySealer(secret);
    const sealed = sealer.seal([{ seed: Buffer.from('in plain sight'), madeAtMs: 1 }]);
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('in plain');
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain(
      Buffer.from('in plain sight').toString('base64'),
    );
    expect(sealer.open(sealed)).toEqual([{ seed: Buffer.from('in plain sight'), madeAtMs: 1 }]);
    for (const broken of ['', 'AAAA', sealed.slice(4), `AAAA${sealed}`]) expect(sealer.open(broken)).toBeUndefined();
  });
});
