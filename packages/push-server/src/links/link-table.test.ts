import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import {
  CloseReason,
  type CommandId,
  type Epoch,
  PushfleetError,
  parseBootId,
  parseDeviceId,
  parseGroupPath,
  parseNodeId,
  parseWorkerId,
} from '@pushfleet/protocol';
import { openRegistry, type Registry, type Sessions, type WorkerRef } from '@pushfleet/registry';
import { AttendedClock, Barrier, silentLogger, systemClock } from '@pushfleet/runtime';
import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import type { Ticket } from '../session/session.ts';
import { LinkTable } from './link-table.ts';
import { SessionCloser } from './session-closer.ts';

const operation = { kind: 'forceSync', forceSync: { reason: '' } } as const;
const plain = { payloadBytes: 100, channel: 1, redelivered: false, isSuspect: false };
const terms = {
  link: 'mqtt',
  silenceLimitMs: 60_000,
  window: 2,
  confirms: true,
  countsPackets: true,
  capabilities: undefined,
} as const;

describe('the links of a worker tell', { timeout: 30_000 }, () => {
  it('who came, who left, and why', async () => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    const link = await worker.connect('d1');
    expect(worker.links.takeDelta()).toMatchObject({
      arrived: [{ device: 'd1', bootId: 'boot-w0' }],
      left: [],
      events: [{ kind: 'device-connected', device: 'd1', epoch: expect.any(Number), node: 'dp-1', worker: 'w0' }],
    });
    link.say({ kind: 'fault', reason: 'linkLost' });
    expect(worker.links.takeDelta()).toMatchObject({
      arrived: [],
      left: [{ device: 'd1', bootId: 'boot-w0' }],
      events: [{ kind: 'device-disconnected', device: 'd1', reason: 'linkLost' }],
    });
  });

  it('of a device that moved from another worker, once', async () => {
    await using world = await createWorld();
    const [first, second] = [world.worker('w0'), world.worker('w1')];
    const link = await first.connect('d1');
    await second.connect('d1');
    await vi.waitFor(() => expect(link.ended).toBe('sessionTakenOver'));
    expect(second.links.takeDelta()).toMatchObject({ events: [{ kind: 'device-moved', device: 'd1', worker: 'w1' }] });
    const { left, events } = first.links.takeDelta();
    expect(left).toEqual([{ device: 'd1', bootId: 'boot-w0' }]);
    expect(events.map(({ kind }) => kind)).toEqual(['device-connected']);
  });

  it('of a device that takes its session over again and again, once a minute', async () => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    const suspicions = () => worker.links.takeDelta().events.filter(({ kind }) => kind === 'device-clone-suspected');
    for (let round = 0; round < 4; round += 1) await worker.connect('d1');
    expect(suspicions()).toEqual([]);
    for (let round = 0; round < 3; round += 1) await worker.connect('d1');
    expect(suspicions()).toMatchObject([{ device: 'd1', reason: '4 takeovers within a minute' }]);
    expect(worker.links.takeDelta()).toEqual({ arrived: [], left: [], events: [] });
    world.clock.advance(60_000);
    worker.links.tick();
    await worker.connect('d1');
    expect(suspicions()).toHaveLength(1);
  });
});

describe('a worker without room', { timeout: 30_000 }, () => {
  it('lets a device take over the place that it has here, or on another worker of the push server', async () => {
    await using world = await createWorld();
    const [full, other] = [world.worker('w0'), world.worker('w1')];
    const [here, there] = [await full.connect('here'), await other.connect('there')];
    full.links.capacity = 1;
    const stranger = await full.connect('stranger');
    expect(stranger.ended).toBe('noCapacity');
    for (const device of ['here', 'there']) expect((await full.connect(device)).ended).toBeUndefined();
    await vi.waitFor(() => expect([here.ended, there.ended]).toEqual(['sessionTakenOver', 'sessionTakenOver']));
    expect([full.links.live, other.links.live]).toEqual([2, 0]);
  });

  it('takes at most 64 more than it has room for over from others', async () => {
    await using world = await createWorld();
    const [full, other] = [world.worker('w0'), world.worker('w1')];
    const ids = Array.from({ length: 65 }, (_, nth) => `there-${nth}`);
    for (const id of ids) await other.connect(id);
    full.links.capacity = 0;
    const ends = [];
    for (const id of ids) ends.push((await full.connect(id)).ended);
    expect(ends).toEqual([...Array.from({ length: 64 }, () => undefined), 'noCapacity']);
    await vi.waitFor(() => expect([full.links.live, other.links.live]).toEqual([64, 1]));
  });
});

describe('void tickets', { timeout: 30_000 }, () => {
  const d1 = parseDeviceId('d1');
  const put = async (world: Awaited<ReturnType<typeof createWorld>>, secretHash: string) => {
    const device = { id: d1, group: parseGroupPath('Branch'), secretHash, labels: {}, linkKinds: [] };
    const voided = await world.registry.fleet.putDevice(device);
    const generation = (await world.registry.fleet.getDevice(d1))?.generation ?? Number.NaN;
    return { voided, generation };
  };

  it('open no session, and newer ones do', async () => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    const { generation: former } = await put(world, 'a');
    const { generation } = await put(world, 'b');
    expect((await worker.connect(`d1#${former}`)).ended).toBe('ticketVoid');
    expect((await worker.connect(`d1#${generation - 1}`)).ended).toBe('ticketVoid');
    expect((await worker.connect(`d1#${generation}`)).ended).toBeUndefined();
    expect(worker.links.live).toBe(1);
    expect(CloseReason.ticketVoid.retry).toBe('reassign');
  });

  it('end the links that came with them, whether or not they take commands, and no others', async () => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    const { generation } = await put(world, 'a');
    const live = await worker.connect(`d1#${generation}`);
    const reporting = await worker.connect(`d1#${generation}`, false);
    const other = await worker.connect('d2');
    const { voided } = await put(world, 'b');
    const newer = await worker.connect(`d1#${voided?.generation}`, false);
    worker.links.takeDelta();

    worker.links.voidTickets(d1, voided?.generation ?? 0);
    expect([live, reporting, other, newer].map(({ ended }) => ended)).toEqual([
      'ticketVoid',
      'ticketVoid',
      undefined,
      undefined,
    ]);
    expect(worker.links.takeDelta()).toMatchObject({
      left: [{ device: 'd1' }],
      // As the registry knows it, whatever its ticket says.
      events: [{ kind: 'device-disconnected', device: 'd1', group: 'Branch', reason: 'ticketVoid' }],
    });
  });

  it('open no link afterwards, not even one that takes no commands', async () => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    worker.links.voidTickets(d1, 8);
    worker.links.voidTickets(d1, 5);
    for (const attach of [false, true]) {
      expect((await worker.connect('d1#7', attach)).ended).toBe('ticketVoid');
      expect((await worker.connect('d2#7', attach)).ended).toBeUndefined();
    }
    expect((await worker.connect('d1#8', false)).ended).toBeUndefined();
  });

  it('are remembered of 50,000 devices', async () => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    for (let n = 0; n <= 50_000; n += 1) worker.links.voidTickets(parseDeviceId(`d${n}`), 8);
    expect((await worker.connect('d0#7', false)).ended).toBeUndefined();
    expect((await worker.connect('d1#7', false)).ended).toBe('ticketVoid');
  });

  it('end a link that is just being let in', async () => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    const { generation } = await put(world, 'a');
    const connecting = worker.connect(`d1#${generation}`);
    await setImmediate();
    worker.links.voidTickets(d1, generation + 1);
    expect((await connecting).ended).toBe('ticketVoid');
    await vi.waitFor(async () => expect(await world.registry.sessions.find(d1)).toBeUndefined());
  });

  it.each(['all', 'one'])('are found when %s is asserted, by a worker that nobody has told', async (which) => {
    await using world = await createWorld();
    const { links, self, connect } = world.worker('w0');
    const { generation } = await put(world, 'a');
    const [link, other] = [await connect(`d1#${generation}`), await connect('d2')];
    await put(world, 'b');
    if (which === 'one') for (const device of ['d1', 'd2', 'd3']) links.checkSession(parseDeviceId(device));
    else await links.reassert(self);
    await vi.waitFor(() => expect([link.ended, other.ended]).toEqual(['ticketVoid', undefined]));
  });

  it('name a group that may be older than the one that the device is in', async () => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    const { generation } = await put(world, 'a');
    await worker.connect(`d1#${generation}`);
    expect(worker.links.liveDevices(({ group }) => group === 'Branch')).toEqual(['d1']);
  });
});

describe('a fault', { timeout: 30_000 }, () => {
  it('while something is written to a device ends its link, and closes its session', async () => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    const [link, other] = [await worker.connect('d1'), await worker.connect('d2')];
    link.failing = true;
    link.say({ kind: 'ping' });
    expect(link.ended).toBe('internalError');
    expect(worker.links.live).toBe(1);
    await vi.waitFor(async () => expect(await world.registry.sessions.find(parseDeviceId('d1'))).toBeUndefined());
    other.say({ kind: 'ping' });
    expect(other.ended).toBeUndefined();
  });

  it('while a ticket is verified ends that link', async () => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    const ended = Promise.withResolvers<CloseReason>();
    const say = worker.links.accept(
      { kind: 'grpc', remote: 'test', bufferedBytes: 0, send: () => {}, end: ended.resolve },
      1,
    );
    say({ kind: 'hello', ticket: 'no device id', terms: { ...terms }, attach: true });
    expect(await ended.promise).toBe('internalError');
    expect(worker.links.links).toBe(0);
  });
});

describe('links that take no commands', { timeout: 30_000 }, () => {
  it('are four of one device, the newest, and each only for a minute', async () => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    const live = await worker.connect('d1');
    const others = [];
    for (let round = 0; round < 300; round += 1) others.push(await worker.connect('d1', false));
    expect(worker.links.links).toBe(5);
    expect(others.map(({ ended }) => ended)).toEqual([
      ...Array.from({ length: 296 }, () => 'tooManyLinks'),
      ...Array.from({ length: 4 }, () => undefined),
    ]);
    expect(live.ended).toBeUndefined();
    world.clock.advance(60_000);
    live.say({ kind: 'ping' });
    worker.links.tick();
    expect(worker.links.links).toBe(1);
  });

  it('are no way to have more links by attaching and detaching', async () => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    for (let round = 0; round < 20; round += 1) (await worker.connect('d1')).say({ kind: 'detach' });
    expect([worker.links.live, worker.links.links]).toEqual([0, 4]);
    world.clock.advance(60_000);
    worker.links.tick();
    expect(worker.links.links).toBe(0);
  });

  it('count against the capacity; a device takes the places that are its own', async () => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    worker.links.capacity = 2;
    const live = await worker.connect('d1');
    const other = await worker.connect('d2', false);
    expect((await worker.connect('d3')).ended).toBe('noCapacity');
    expect((await worker.connect('d2', false)).ended).toBeUndefined();
    expect(other.ended).toBe('tooManyLinks');
    const reports = await worker.connect('d1', false);
    expect((await worker.connect('d1')).ended).toBeUndefined();
    expect([reports.ended, live.ended]).toEqual(['tooManyLinks', 'sessionTakenOver']);
    expect(worker.links.links).toBe(2);
  });
});

describe('the links of a worker', { timeout: 30_000 }, () => {
  it.each([17_000, 41_000, 28_800_000])(
    'stay when it stands still for %i ms; silence counts from then on',
    async (byMs) => {
      await using world = await createWorld();
      const worker = world.worker('w0');
      const [speaks, silent] = [await worker.connect('d1'), await worker.connect('d2')];
      world.clock.advance(30_000);
      speaks.say({ kind: 'ping' });
      world.clock.stall(byMs);
      worker.links.tick();
      expect([speaks.ended, silent.ended]).toEqual([undefined, undefined]);
      world.clock.advance(30_000);
      worker.links.tick();
      expect([speaks.ended, silent.ended]).toEqual([undefined, 'keepAliveTimeout']);
      world.clock.advance(30_000);
      worker.links.tick();
      expect([speaks.ended, worker.links.links]).toEqual(['keepAliveTimeout', 0]);
    },
  );

  it('are given their time to greet although it stands still meanwhile', async () => {
    await using world = await createWorld();
    const { links } = world.worker('w0');
    let ended: CloseReason | undefined;
    const end = (reason: CloseReason) => {
      ended = reason;
    };
    links.accept({ kind: 'grpc', remote: 'test', bufferedBytes: 0, send: () => {}, end }, 13_295);
    world.clock.advance(5_000);
    world.clock.stall(41_000);
    links.tick();
    expect(ended).toBeUndefined();
    world.clock.advance(5_000);
    links.tick();
    expect(ended).toBe('greetingTimeout');
  });

  it.each([120_000, -3_600_000, 31_536_000_000])('stay when the wall clock is set by %i ms', async (byMs) => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    const link = await worker.connect('d1');
    world.clock.stepWall(byMs);
    world.clock.advance(59_000);
    worker.links.tick();
    expect(link.ended).toBeUndefined();
    world.clock.advance(1_000);
    worker.links.tick();
    expect(link.ended).toBe('keepAliveTimeout');
  });

  it('end when a command is not confirmed, however long a silence they have announced', async () => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    const links = [await worker.connect('d1'), await worker.connect('d2')];
    for (const link of links) link.say({ kind: 'attach', confirms: true });
    for (const device of ['d1', 'd2']) {
      const deliverByMs = world.clock.now() + 10_000;
      const command = { id: `c-${device}` as CommandId, operation, deliverByMs, finishByMs: deliverByMs + 20_000 };
      worker.links.push(parseDeviceId(device), { ...command, ...plain });
    }
    for (let second = 0; second < 16; second += 1) {
      world.clock.advance(1_000);
      links[0]?.say({ kind: 'ping' });
      worker.links.tick();
    }
    expect(links.map(({ ended }) => ended)).toEqual([undefined, 'keepAliveTimeout']);
  });
});

describe('reassert', { timeout: 30_000 }, () => {
  it('tells a registry that has lost its data of every live session, and closes links that are superseded', async () => {
    await using world = await createWorld();
    const [first, second] = [world.worker('w0'), world.worker('w1')];
    for (let index = 0; index < 300; index += 1) await first.connect(`d${index}`);
    const stale = await first.connect('moved');
    first.links.takeDelta();
    world.loseData();
    // Back after more than the millisecond of that epoch, it does not know of the link: nobody tells that to close.
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(first.links.epochOf(parseDeviceId('moved')) as Epoch));
    await second.connect('moved');

    await first.links.reassert(first.self);
    // Nobody has taken it over, as far as anybody says: it may come back.
    expect(stale.ended).toBe('sessionEnded');
    expect(first.links.live).toBe(300);
    const devices = Array.from({ length: 300 }, (_, index) => parseDeviceId(`d${index}`));
    const found = await world.registry.sessions.findMany(devices);
    for (const device of devices) {
      expect(found.get(device)).toMatchObject({ ...first.self, epoch: first.links.epochOf(device), link: 'mqtt' });
    }
    const { arrived, left } = first.links.takeDelta();
    expect([arrived.length, left]).toEqual([300, [{ device: 'moved', bootId: 'boot-w0' }]]);
    expect(await world.registry.sessions.find(parseDeviceId('moved'))).toMatchObject(second.self);
  });

  it('opens sessions again that were reaped while the worker stood still, and the links notice nothing', async () => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    const links = await Promise.all(['d1', 'd2', 'd3'].map((device) => worker.connect(device)));
    const epochs = ['d1', 'd2', 'd3'].map((device) => worker.links.epochOf(parseDeviceId(device)));
    for (const device of ['d1', 'd2', 'd3'])
      await world.registry.sessions.reap(parseDeviceId(device), worker.self.bootId);
    const risen = { ...worker.self, bootId: parseBootId('boot-risen') };
    await worker.links.reassert(risen);
    expect(links.map(({ ended }) => ended)).toEqual([undefined, undefined, undefined]);
    for (const [index, device] of ['d1', 'd2', 'd3'].entries()) {
      const session = await world.registry.sessions.find(parseDeviceId(device));
      expect(session).toMatchObject({ ...risen, epoch: epochs[index] });
    }
  });

  it('says never to nobody whose session was merely closed', async () => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    const link = await worker.connect('d1');
    await world.registry.sessions.close(parseDeviceId('d1'), worker.links.epochOf(parseDeviceId('d1')) as Epoch);
    await worker.links.reassert(worker.self);
    expect(link.ended).toBe('sessionEnded');
    expect(CloseReason.sessionEnded.retry).not.toBe('never');
    expect(worker.links.takeDelta().events.at(-1)).toMatchObject({
      kind: 'device-disconnected',
      reason: 'sessionEnded',
    });
  });

  it.each([
    ['that the registry has lost', false, 'sessionTakenOver'],
    ['that had ended before it was open: the device may come back', true, 'sessionEnded'],
  ])('leaves no session behind when it learns late of a newer one %s', async (_what, newerIsGone, reason) => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    const link = await worker.connect('d1');
    const newer = (worker.links.epochOf(parseDeviceId('d1')) + 1) as Epoch;
    world.loseData();
    await worker.links.reassert(worker.self);
    expect(worker.links.evict(parseDeviceId('d1'), newer, newerIsGone)).toBe(true);
    expect(link.ended).toBe(reason);
    await vi.waitFor(async () => expect(await world.registry.sessions.find(parseDeviceId('d1'))).toBeUndefined());
  });

  it('takes sessions over into another life of the worker, those too that are just being opened', async () => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    await worker.connect('d1');
    const reborn = { ...worker.self, bootId: parseBootId('boot-next') };
    const opening = worker.connect('d2');
    const asserted = worker.links.reassert(reborn);
    await opening;
    await asserted;
    await worker.connect('d3');
    for (const id of ['d1', 'd2', 'd3']) {
      await vi.waitFor(async () =>
        expect(await world.registry.sessions.find(parseDeviceId(id))).toMatchObject({ bootId: 'boot-next' }),
      );
    }
    expect(worker.links.takeDelta().arrived.map(({ bootId }) => bootId)).toContain('boot-next');
  });

  it('goes on once a registry answers that failed', async () => {
    await using world = await createWorld();
    const worker = world.worker('w0', { failures: 5 });
    for (let index = 0; index < 10; index += 1) await worker.connect(`d${index}`);
    world.loseData();
    await worker.links.reassert(worker.self);
    for (let index = 0; index < 10; index += 1) {
      expect(await world.registry.sessions.find(parseDeviceId(`d${index}`))).toMatchObject(worker.self);
    }
  });

  it('goes round all sessions by itself, once in an hour', async () => {
    await using world = await createWorld();
    const worker = world.worker('w0');
    const devices = Array.from({ length: 60 }, (_, index) => parseDeviceId(`d${index}`));
    for (const device of devices) await worker.connect(device);
    world.loseData();
    const found = async () => (await world.registry.sessions.findMany(devices)).size;
    const passMinutes = (minutes: number) => {
      for (let minute = 0; minute < minutes; minute += 1) {
        world.clock.advance(60_000);
        for (const link of worker.open) link.say({ kind: 'ping' });
        worker.links.tick();
      }
    };
    passMinutes(30);
    await vi.waitFor(async () => expect(await found()).toBe(30));
    passMinutes(30);
    await vi.waitFor(async () => expect(await found()).toBe(60));
  });
});

async function createWorld() {
  const stateDir = await mkdtemp(join(tmpdir(), 'pushfleet-links-'));
  const limits = { suspectAfterMs: 60_000, deadAfterMs: 120_000 };
  const registry = await openRegistry({ stateDir, redisUrl: undefined, redisKeyPrefix: 'test', ...limits });
  const workers = new Map<string, ReturnType<typeof createWorker>>();
  const clock = new ManualClock();
  const attended = new AttendedClock({ clock, afterReading: (run) => run() });
  const world = {
    registry,
    clock,
    worker: (name: string, { failures = 0 } = {}) => {
      const worker = createWorker(name, { registry, failures, clock, attended, workers });
      workers.set(worker.self.bootId, worker);
      return worker;
    },
    loseData: () => {
      using sqlite = new DatabaseSync(join(stateDir, 'registry.sqlite'));
      sqlite.exec('DELETE FROM sessions');
    },
    [Symbol.asyncDispose]: async () => {
      for (const { closer } of workers.values()) await closer[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
      await rm(stateDir, { recursive: true });
    },
  };
  return world;
}

interface WorkerWorld {
  registry: Registry;
  /** So many assertions fail. */
  failures: number;
  clock: ManualClock;
  attended: AttendedClock;
  workers: Map<string, { links: LinkTable }>;
}

function createWorker(name: string, { registry, failures, clock: turned, attended, workers }: WorkerWorld) {
  const self: WorkerRef = {
    nodeId: parseNodeId('dp-1'),
    workerId: parseWorkerId(name),
    bootId: parseBootId(`boot-${name}`),
  };
  // Time is turned by the test; what waits for the registry waits in real time.
  const clock = { ...systemClock, now: () => turned.now(), wallMs: () => turned.wallMs() };
  const sessions = failing(registry.sessions, failures);
  const closer = new SessionCloser(registry.sessions, clock);
  const links = new LinkTable({
    ...{ self, capacity: 10_000, sessions, closer, clock, attended, logger: silentLogger },
    barrier: new Barrier({ logger: silentLogger }),
    verifyTicket: async (token) => ({ kind: 'good', ticket: ticketOf(token) }),
    findRedirectTarget: async () => undefined,
    evictFormer: async () => {},
    evict: (device, epoch, from, newerIsGone) => workers.get(from.bootId)?.links.evict(device, epoch, newerIsGone),
    report: () => {},
    onCommandsWaiting: () => {},
  });
  const open: Awaited<ReturnType<typeof connect>>[] = [];
  return {
    ...{ self, links, closer, open },
    connect: async (device: string, attach = true) => {
      const link = await connect(links, device, attach);
      open.push(link);
      return link;
    },
  };
}

function failing(sessions: Sessions, failures: number): Sessions {
  let left = failures;
  const assert: Sessions['assert'] = async (...args) => {
    left -= 1;
    if (left >= 0) throw new PushfleetError('REGISTRY_UNAVAILABLE', 'away');
    return sessions.assert(...args);
  };
  return {
    assert,
    open: (...args) => sessions.open(...args),
    close: (...args) => sessions.close(...args),
    reap: (...args) => sessions.reap(...args),
    find: (...args) => sessions.find(...args),
    history: (...args) => sessions.history(...args),
    findMany: (...args) => sessions.findMany(...args),
  };
}

/** Resolves once the device is attached, or where it does not want to be, known; or once the link has ended. */
async function connect(links: LinkTable, device: string, attach: boolean) {
  const link = {
    ended: undefined as CloseReason | undefined,
    failing: false,
    say: (_: Parameters<typeof say>[0]) => {},
  };
  const settled = Promise.withResolvers<void>();
  const say = links.accept(
    {
      kind: 'grpc',
      remote: 'test',
      bufferedBytes: 0,
      send: ({ kind }) => {
        if (link.failing) throw new Error('nothing can be written');
        if (kind === (attach ? 'attached' : 'accepted')) settled.resolve();
      },
      end: (reason) => {
        link.ended = reason;
        settled.resolve();
      },
    },
    13_295,
  );
  link.say = say;
  say({ kind: 'hello', ticket: device, terms: { ...terms }, attach });
  await settled.promise;
  return link;
}

/** The token is the id of its device, and the generation behind a "#". */
function ticketOf(token: string): Ticket {
  const [id, generation = '0'] = token.split('#');
  const nodes = [parseNodeId('dp-1')];
  return { device: parseDeviceId(id), group: parseGroupPath('HQ'), nodes, generation: Number(generation) };
}
