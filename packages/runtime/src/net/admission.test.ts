import { once } from 'node:events';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closed } from '../../../../test/cluster/closed.ts';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { Admission, type AdmissionOptions, type Arrival } from './admission.ts';
import { paceLimits } from './handshake-pace.ts';
import type { UnauthenticatedLimits } from './unauthenticated-connections.ts';

const { firstPerSecond } = paceLimits;
/** Number of handshakes that begin at once. */
const burst = firstPerSecond / 20;

function limitsOf(waiting: number): UnauthenticatedLimits {
  const begun = { total: 200, perAddress: 200 };
  return { waiting: { total: waiting, perAddress: waiting }, begun, patienceMs: 5_000 };
}

describe('admission', () => {
  let clock: ManualClock;
  let load: { utilization: number; lagMs: number };
  let server: Server;
  let admission: Admission;
  let begun: Arrival[];
  const clients: Socket[] = [];
  const earlier: Arrival[] = [];

  beforeEach(async () => {
    clock = new ManualClock();
    load = { utilization: 0, lagMs: 0 };
    begun = [];
    server = net.createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => admission.onClose(socket));
      admission.add(socket);
    });
    open();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    for (const { socket } of [...begun, ...earlier.splice(0)]) socket.destroy();
    admission[Symbol.dispose]();
    server.close();
    await once(server, 'close');
  });

  /** A hello is one letter: capitals are those of known clients. */
  function open(more: Partial<AdmissionOptions> = {}): void {
    admission?.[Symbol.dispose]();
    admission = new Admission({
      limits: limitsOf(200),
      greetingDeadlineMs: 10_000,
      ...{ load, clock, attended: clock, unreadBytes: 100 },
      readHello: (bytes) => {
        const letter = bytes.toString('latin1');
        if (letter === '') return { kind: 'incomplete' };
        return letter < 'a' ? { kind: 'ticket', keyName: letter } : { kind: 'stranger' };
      },
      isOurKey: () => true,
      begin: (arrival) => begun.push(arrival),
      ...more,
    });
  }

  async function arrive(hellos: Iterable<string>): Promise<Socket[]> {
    const { port } = server.address() as AddressInfo;
    const arrived: Socket[] = [];
    for (const hello of hellos) {
      const before = admission.waiting + begun.length;
      const client = net.connect(port, '127.0.0.1').on('error', () => {});
      clients.push(client);
      arrived.push(client);
      client.write(hello);
      await vi.waitFor(() => expect(admission.waiting + begun.length).toBe(before + 1), { interval: 1 });
    }
    return arrived;
  }

  /** Nobody more gets in until time passes. */
  async function fill(): Promise<void> {
    await arrive('x'.repeat(burst));
    await vi.waitFor(() => expect(begun).toHaveLength(burst));
    earlier.push(...begun.splice(0));
  }

  /** Lets time pass, and the loop turn meanwhile. */
  async function pass(ms: number): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += 50) {
      clock.advance(50);
      await new Promise(setImmediate);
    }
  }

  const heads = () => begun.map(({ head }) => head.toString('latin1')).join('');

  it('lets everybody in at once who comes to an idle process', async () => {
    await arrive('abc');
    await vi.waitFor(() => expect(begun).toHaveLength(3));
    expect(admission.waiting).toBe(0);
  });

  it('lets the newest in first, and known clients before strangers', async () => {
    await fill();
    await arrive('aBcDe');
    expect(begun).toHaveLength(0);
    clock.advance(5_000 / firstPerSecond);
    await vi.waitFor(() => expect(heads()).toBe('DBeca'));
  });

  it('begins a few handshakes in each turn of the loop, however many clients say their hello at once', async () => {
    const begunInTurn: number[] = [0];
    open({ begin: (arrival) => begun.push(arrival) && (begunInTurn[begunInTurn.length - 1] as number)++ });
    const { port } = server.address() as AddressInfo;
    const accepted: Socket[] = [];
    server.on('connection', (socket: Socket) => accepted.push(socket));
    const crowd = Array.from({ length: 20 }, () => net.connect(port, '127.0.0.1').on('error', () => {}));
    clients.push(...crowd);
    await vi.waitFor(() => expect(accepted).toHaveLength(crowd.length));
    for (const client of crowd) client.write('a');
    while (begun.length < crowd.length) {
      await new Promise(setImmediate);
      begunInTurn.push(0);
    }
    expect(Math.max(...begunInTurn)).toBeLessThanOrEqual(4);
  });

  it('lets in as many in a second as the loop has time for', async () => {
    await fill();
    load.utilization = 1;
    clock.advance(20_000);
    await arrive('a'.repeat(60));
    await pass(1_000);
    expect(heads().length).toBeGreaterThanOrEqual(paceLimits.leastPerSecond);
    expect(heads().length).toBeLessThan(paceLimits.leastPerSecond + 10);
  });

  it('drops those that have waited for 5 s, without a handshake, and no others', async () => {
    open({ load: { utilization: 1, lagMs: 0 } });
    clock.advance(60_000);
    await arrive('x'.repeat(150));
    clock.advance(4_999);
    expect([admission.refused.waitedTooLong, admission.waiting > 0]).toEqual([0, true]);
    clock.advance(1);
    expect(admission.refused.waitedTooLong).toBeGreaterThan(0);
    expect([admission.waiting, admission.refused.waitedTooLong + begun.length]).toEqual([0, 150]);
  });

  it('forgets a client that has left the queue', async () => {
    await fill();
    const [first, second] = await arrive('ab');
    first?.destroy();
    second?.end();
    await vi.waitFor(() => expect(admission.waiting).toBe(0));
    clock.advance(1_000);
    expect(begun).toHaveLength(0);
  });

  it('cuts off a client that says no hello, and one that goes on talking before it is answered', async () => {
    await fill();
    const { port } = server.address() as AddressInfo;
    const silent = net.connect(port, '127.0.0.1');
    clients.push(silent);
    await once(silent, 'connect');
    const [talkative] = await arrive('a');
    talkative?.write('x'.repeat(101));
    await vi.waitFor(() => expect(admission.refused.handshakeFailed).toBe(1));
    clock.advance(9_999);
    expect(admission.refused.silent).toBe(0);
    clock.advance(1);
    expect(admission.refused.silent).toBe(1);
    await closed(silent);
  });

  it('makes room for a newcomer by the oldest that waits, whatever it waits for', async () => {
    open({ limits: limitsOf(2) });
    await fill();
    await arrive('ab');
    const { port } = server.address() as AddressInfo;
    clients.push(net.connect(port, '127.0.0.1'));
    await vi.waitFor(() => expect(admission.refused.perAddress).toBe(1));
    clock.advance(1_000);
    expect(heads()).toBe('b');
  });

  it('has a second of handshakes under way at most, until they are done, gone, or slow', async () => {
    open({ load: { utilization: 0, lagMs: 10_000 } });
    clock.advance(60_000);
    await arrive('a'.repeat(40));
    const most = Math.max(paceLimits.leastInFlight, paceLimits.leastPerSecond);
    await pass(1_500);
    expect([admission.inFlight, begun.length]).toEqual([most, most]);
    admission.markAuthenticated(begun[0]?.socket as Socket);
    begun[1]?.socket.destroy();
    await vi.waitFor(() => expect(admission.inFlight).toBe(most - 2));
    await pass(250);
    expect(begun).toHaveLength(most + 2);
    await pass(2_000);
    expect(begun).toHaveLength(40);
  });

  it('judges nobody for the time in which the process stood still', async () => {
    const attended = new ManualClock();
    open({ attended });
    await fill();
    await arrive('ab');
    clock.advance(4_000);
    expect(heads()).toBe('ba');
    expect(Object.values(admission.refused).every((count) => count === 0)).toBe(true);
  });
});
