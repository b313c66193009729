import { EventEmitter } from 'node:events';
import { type DeviceId, type GroupPath, PushfleetError } from '@pushfleet/protocol';
import type { Logged, NewFleetEvent } from '@pushfleet/registry';
import { silentLogger } from '@pushfleet/runtime';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { EventGrpcService } from './grpc.ts';

const scope = 'HQ/Lab' as GroupPath;

/** One Watch call, and the devices whose events it got. */
class Call extends EventEmitter {
  readonly request: object;
  readonly scope: GroupPath | undefined;
  readonly devices: string[] = [];
  readonly tokens: string[] = [];
  cancelled = false;

  constructor(request: object, held: GroupPath | undefined) {
    super();
    this.request = { resumeToken: '', kinds: [], deviceId: '', ...request };
    this.scope = held;
  }

  sendMetadata = () => {};
  end = () => {};
  write = ({ events }: { events: { deviceId: string; nodeId: string; resumeToken: string }[] }) => {
    this.devices.push(...events.map(({ deviceId, nodeId }) => deviceId || nodeId));
    this.tokens.push(...events.map(({ resumeToken }) => resumeToken));
    return true;
  };

  leave(): void {
    this.cancelled = true;
    this.emit('cancelled');
  }
}

/** The service on a log and a fleet in memory. */
function start(groups: Record<string, string> = {}) {
  const clock = new ManualClock();
  const log: Logged<NewFleetEvent>[] = [{ kind: 'node-ready', atMs: 0, cursor: '0-0' }];
  const asked: number[] = [];
  const registry = { groups, isAway: false };
  const fleet = {
    getDevices: async (ids: readonly DeviceId[]) => {
      asked.push(ids.length);
      if (registry.isAway) throw new PushfleetError('REGISTRY_UNAVAILABLE', 'away');
      return new Map(ids.flatMap((id) => (registry.groups[id] ? [[id, { group: registry.groups[id] }]] : [])) as never);
    },
  };
  const events = {
    end: async () => log.at(-1)?.cursor ?? '',
    read: async (cursor: string, limit: number) =>
      log.slice(...[log.findIndex((event) => event.cursor === cursor) + 1].flatMap((at) => [at, at + limit])),
  };
  const service = new EventGrpcService({
    registry: { events, audit: events, fleet },
    ...{
      callerOf: ({ scope: held }: Call) => (held === undefined ? {} : { scope: held }),
      clock,
      logger: silentLogger,
    },
  } as never);
  onTestFinished(() => service[Symbol.dispose]());
  return {
    ...{ clock, asked, registry },
    async watch(held: GroupPath | undefined, request: object = {}): Promise<Call> {
      const call = new Call(request, held);
      service.handlers.Watch(call as never);
      await clock.turn(400);
      return call;
    },
    async happen(...happened: Partial<NewFleetEvent>[]): Promise<void> {
      for (const event of happened) {
        log.push({ kind: 'device-connected', atMs: 1, ...event, cursor: `${log.length}-0` } as Logged<NewFleetEvent>);
      }
      await clock.turn(400);
    },
  };
}

const of = (device: string, group?: string): Partial<NewFleetEvent> => ({
  device: device as DeviceId,
  ...(group === undefined ? {} : { group: group as GroupPath }),
});

describe('a watch of events by a token with a scope', () => {
  it('has those of devices at or below it, and nothing else', async () => {
    const groups = { own: 'HQ/Lab', below: 'HQ/Lab/Bench', beside: 'HQ/Laboratory', above: 'HQ' };
    const test = start(groups);
    const [scoped, all] = [await test.watch(scope), await test.watch(undefined)];
    const node = { kind: 'node-dead', node: 'dp-1' } as Partial<NewFleetEvent>;
    await test.happen(of('own'), of('beside'), node, of('below'), of('above'), of('nobody'), { kind: 'registry-lost' });
    expect(scoped.devices).toEqual(['own', 'below']);
    expect(all.devices).toHaveLength(7);
  });

  it('follows devices that come into the scope and leave it, whatever group their events tell', async () => {
    const test = start({ comes: 'HQ', goes: 'HQ/Lab' });
    const watch = await test.watch(scope);
    await test.happen(of('comes', 'HQ'), of('goes', 'HQ/Lab'));
    test.registry.groups = { comes: 'HQ/Lab/Bench', goes: 'HQ' };
    await test.clock.turn(1_000);
    await test.happen(of('comes', 'HQ'), of('goes', 'HQ/Lab'));
    expect(watch.devices).toEqual(['goes', 'comes']);
  });

  it('has those of deleted devices by the group that they were in, and of those alone that tell it', async () => {
    const test = start();
    const watch = await test.watch(scope);
    await test.happen(of('own', 'HQ/Lab'), of('below', 'HQ/Lab/Bench'), of('beside', 'HQ/Laboratory'), of('unknown'));
    expect(watch.devices).toEqual(['own', 'below']);
  });

  it('has the one device that it names only as long as that is in the scope', async () => {
    const test = start({ own: 'HQ/Lab', other: 'HQ/Lab' });
    const watch = await test.watch(scope, { deviceId: 'own' });
    await test.happen(of('own'), of('other'));
    test.registry.groups = { own: 'HQ', other: 'HQ/Lab' };
    await test.clock.turn(1_000);
    await test.happen(of('own'), of('other'));
    expect(watch.devices).toEqual(['own']);
  });

  it('goes on after an event that it had, without a gap and without a repetition', async () => {
    const test = start({ own: 'HQ/Lab', beside: 'HQ' });
    const first = await test.watch(scope);
    await test.happen(...Array.from({ length: 2_500 }, (_, at) => of(at % 2 === 0 ? 'own' : 'beside')));
    expect(first.devices).toHaveLength(1_250);
    const second = await test.watch(scope, { resumeToken: first.tokens[99] });
    await test.happen(of('own'));
    expect([...first.tokens.slice(0, 100), ...second.tokens]).toEqual(first.tokens);
  });

  it('waits while nobody can tell what it may see, and leaves the others no gap and no repetition', async () => {
    const test = start({ own: 'HQ/Lab' });
    const [before, scoped] = [await test.watch(undefined), await test.watch(scope)];
    const after = await test.watch(undefined);
    test.registry.isAway = true;
    await test.happen(of('own'), of('other'));
    await test.happen(of('own'));
    expect(scoped.devices).toEqual([]);
    test.registry.isAway = false;
    await test.happen(of('last'));
    expect(scoped.devices).toEqual(['own', 'own']);
    for (const other of [before, after]) expect(other.devices).toEqual(['own', 'other', 'own', 'last']);
  });

  it('asks for no device twice in a second, for none that it does not want, and nothing where nobody has a scope', async () => {
    const test = start({ own: 'HQ/Lab' });
    const all = await test.watch(undefined);
    await test.happen(of('own'));
    expect(test.asked).toEqual([]);
    for (let n = 0; n < 3; n += 1) await test.watch(scope, { kinds: ['EVENT_KIND_DEVICE_CONNECTED'] });
    const unwanted = { ...of('unwanted'), kind: 'device-moved' } as const;
    await test.happen(of('own'), of('own'), of('other'), unwanted);
    await test.happen(of('own'), of('third'));
    expect(test.asked).toEqual([2, 1]);
    expect(all.devices).toHaveLength(7);
  });

  it('remembers the groups of 10,000 devices, and asks for the others again', async () => {
    const test = start();
    await test.watch(scope);
    const devices = Array.from({ length: 10_001 }, (_, at) => of(`d-${at}`, 'HQ/Lab'));
    for (let at = 0; at < devices.length; at += 4_000) await test.happen(...devices.slice(at, at + 4_000));
    test.asked.length = 0;
    await test.happen(of('d-10000'), of('d-0'));
    expect(test.asked).toEqual([1]);
  });
});
