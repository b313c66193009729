import { EventEmitter } from 'node:events';
import type { CommandId, DeviceId, GroupPushId } from '@pushfleet/protocol';
import type { EventCursor, GroupPushView, StoredCommand } from '@pushfleet/registry';
import { silentLogger } from '@pushfleet/runtime';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/time/manual-clock.ts';
import { openAccess } from './access/access.fixture.ts';
import { CommandIds } from './commands/command-id.ts';
import { CommandGrpcService } from './commands/command-service.ts';
import type { CommandEngine, CommandListener } from './commands/engine.ts';
import { EventGrpcService } from './events/grpc.ts';
import { GroupPushService } from './group-push/service.ts';
import { plainRequest } from './group-push/test-bench.fixture.ts';

/** A call whose client can leave while the registry is being asked. */
class TestCall extends EventEmitter {
  cancelled = false;
  /** Whatever is done to a call that is over. */
  readonly used: string[] = [];
  readonly request: object;

  constructor(request: object) {
    super();
    this.request = request;
    this.on('error', () => this.used.push('error'));
  }

  write = () => this.used.push('write') > 0;
  end = () => void this.used.push('end');
  sendMetadata = () => void this.used.push('headers');

  leave(): void {
    this.cancelled = true;
    this.emit('cancelled');
  }
}

/** An answer of the registry, which comes when the test lets it. */
function held<Value>(value: Value) {
  const { promise, resolve } = Promise.withResolvers<Value>();
  return { ask: () => promise, answer: () => resolve(value) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('does not watch a command for a caller that has left', async () => {
  const [device, id] = ['d1' as DeviceId, 'd-1' as CommandId];
  const status = { outcome: 'OUTCOME_QUEUED', reason: '', atMs: 0 } as const;
  const registry = held({ device, id, status } as StoredCommand);
  const listeners = new Set<CommandListener>();
  const engine: Pick<CommandEngine, 'find' | 'subscribe' | 'unsubscribe'> = {
    find: registry.ask,
    subscribe: (_command, { listener }) => listeners.add(listener),
    unsubscribe: (_command, listener) => listeners.delete(listener),
  };
  const service = new CommandGrpcService({
    ...{ engine: engine as CommandEngine, registry: {} as never, logger: silentLogger },
    ...{ ids: new CommandIds('aaaaaaaaaa'), peers: {} as never, access: openAccess },
  });
  const call = new TestCall({ deviceId: device, commandId: id });
  service.handlers.WatchCommand(call as never);
  expect(listeners.size).toBe(1);
  call.leave();
  registry.answer();
  await settled();
  service.stop();
  expect([listeners.size, call.used]).toEqual([0, []]);
});

it('does not read a group push for a caller that has left', async () => {
  const clock = new ManualClock();
  const id = 'push' as GroupPushId;
  const counts = { counts: {}, desiredState: 'running', devices: 0, allFound: false, startedAtMs: 1 } as const;
  const registry = held<GroupPushView>({ id, request: plainRequest, state: 'paused', reason: '', ...counts });
  const service = new GroupPushService({
    access: { callerOf: () => ({}) },
    registry: { groupPushes: { get: registry.ask } } as never,
    scheduler: { halt: async () => {}, [Symbol.asyncDispose]: async () => {} } as never,
    ...{ clock, logger: silentLogger },
  });
  const call = new TestCall({ groupPushId: id });
  service.handlers.WatchGroupPush(call as never);
  call.leave();
  registry.answer();
  await settled();
  await service.halt(AbortSignal.abort());
  expect([clock.pending, call.used]).toEqual([0, []]);
  await service[Symbol.asyncDispose]();
});

it('does not read events for a caller that has left', async () => {
  const clock = new ManualClock();
  const registry = held('7' as EventCursor);
  let reads = 0;
  const read = async () => {
    reads += 1;
    return { events: [], cursor: '7' as EventCursor } as never;
  };
  const log = { end: registry.ask, read };
  using service = new EventGrpcService({
    ...{ registry: { events: log, audit: log as never, fleet: {} as never }, callerOf: () => ({}) },
    ...{ clock, logger: silentLogger },
  });
  const call = new TestCall({ resumeToken: '', kinds: [], deviceId: '' });
  service.handlers.Watch(call as never);
  call.leave();
  registry.answer();
  await settled();
  service.stop();
  expect([reads, clock.pending, call.used]).toEqual([0, 0, []]);
});
