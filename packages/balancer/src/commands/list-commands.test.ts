import { status } from '@grpc/grpc-js';
import { type admin, type common, type DeviceId, durableCommandId } from '@pushfleet/protocol';
import type { Priority, StoredCommand } from '@pushfleet/registry';
import { describe, expect, it, vi } from 'vitest';
import { call, type TestBalancer, withToken } from '../balancer.fixture.ts';
import { cancelCommand, connect } from './connected.fixture.ts';
import { briefCommand, briefOperation, listCommands } from './list-commands.ts';

const device = 'phone' as DeviceId;

function list(test: TestBalancer, request: Partial<admin.ListCommandsRequest>): Promise<admin.ListCommandsResponse> {
  const client = test.commands();
  return call((done) => client.listCommands({ deviceId: device, ...request }, withToken(), done));
}

/** The answers of all pages. */
async function pages(test: TestBalancer, request: Partial<admin.ListCommandsRequest>) {
  const found: string[][] = [];
  let pageToken = '';
  do {
    const page = await list(test, { ...request, pageToken });
    found.push(page.commands.map(({ commandId }) => commandId));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return found;
}

/** A device with three commands that wait and three that were cancelled one after the other. */
async function withCommands() {
  const { test } = await connect();
  const ids: string[] = [];
  const operation = { kind: 'custom', custom: { name: 'reboot', payload: Buffer.alloc(0) } } as const;
  for (let index = 0; index < 6; index += 1) {
    ids.push((await test.push({ deviceId: device, operation, wait: 'WAIT_ACCEPTED', ttlMs: 60_000 })).commandId);
  }
  for (const commandId of ids.slice(3)) {
    const { status: ended } = await cancelCommand(test, { deviceId: device, commandId });
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(ended?.atMs ?? 0));
  }
  return { test, waiting: ids.slice(0, 3), ended: ids.slice(3).reverse() };
}

describe('ListCommands', () => {
  it('has what waits, and what has ended behind it where it is asked for, in pages of any size', async () => {
    const { test, waiting, ended } = await withCommands();
    expect(await pages(test, {})).toEqual([waiting]);
    const all = [...waiting, ...ended];
    expect(await pages(test, { includeEnded: true })).toEqual([all]);
    for (const pageSize of [1, 2, 3, 4, 5]) {
      const found = await pages(test, { includeEnded: true, pageSize });
      expect(found.flat()).toEqual(all);
      expect(Math.max(...found.map(({ length }) => length))).toBe(pageSize);
    }
    const { commands } = await list(test, { includeEnded: true });
    expect(commands[3]).toMatchObject({ deviceId: device, durable: true, status: { outcome: 'OUTCOME_CANCELLED' } });
  });

  it('refuses the token of a page of those that have ended where they are not asked for, or it is none', async () => {
    const { test } = await withCommands();
    const { nextPageToken: pageToken } = await list(test, { includeEnded: true, pageSize: 4 });
    const places = ['ended commands:x', 'ended commands:1/', 'ended commands:-1/d-1', 'ended commands:1/d_1'];
    const tokens = places.map((place) => Buffer.from(place).toString('base64url'));
    const requests = [{ pageToken }, ...tokens.map((token) => ({ pageToken: token, includeEnded: true }))];
    for (const request of requests) {
      const refusal = { code: status.INVALID_ARGUMENT, details: expect.stringContaining('page_token') };
      await expect(list(test, request)).rejects.toMatchObject(refusal);
    }
  });

  it('says that there is no such device, also where those that have ended are asked for', async () => {
    const { test } = await connect();
    for (const includeEnded of [false, true]) {
      const asked = list(test, { deviceId: 'nobody', includeEnded });
      await expect(asked).rejects.toMatchObject({ code: status.NOT_FOUND });
      expect(await list(test, { includeEnded })).toEqual({ commands: [], nextPageToken: '' });
    }
  });
});

it('goes on behind the last command of a page that has ended since, where others wait for the device with it', async () => {
  const taken = (name: string, priority: Priority, acceptedAtMs: number): StoredCommand => ({
    ...{ id: durableCommandId(name), device, priority, collapseKey: '', idempotencyKey: '', nodeId: 'dp-1' },
    operation: { kind: 'forceSync', forceSync: { reason: '' } },
    ...{ acceptedAtMs, deliverByMs: 100, finishByMs: 200 },
    status: { outcome: 'OUTCOME_ROUTED', reason: '', atMs: 10 },
  });
  let kept = [taken('urgent', 'high', 9), taken('older', 'normal', 7), taken('newer', 'normal', 8)];
  const commands = { list: async () => kept, listEnded: () => Promise.reject(new Error('not asked for')) };
  const pageAfter = (pageToken: string) =>
    listCommands(commands, device, { pageSize: 1, pageToken, includeEnded: false });
  const first = await pageAfter('');
  expect(first.page).toEqual(kept.slice(0, 1));
  kept = kept.slice(1);
  expect((await pageAfter(first.nextPageToken)).page).toEqual(kept.slice(0, 1));
});

it('leaves outputs and statistics of more than 4 KiB out of a list', () => {
  const commandWith = (rest: Partial<StoredCommand['status']>): StoredCommand => ({
    ...{ id: durableCommandId('1'), device, priority: 'normal', collapseKey: '', idempotencyKey: '', nodeId: '' },
    operation: { kind: 'forceSync', forceSync: { reason: '' } },
    ...{ acceptedAtMs: 1, deliverByMs: 2, finishByMs: 3 },
    status: { outcome: 'OUTCOME_RUNNING', reason: 'r', atMs: 1, ...rest },
  });
  const small = { output: Buffer.alloc(4_096), statistics: { counters: { a: 1 }, atMs: 1 } };
  expect(briefCommand(commandWith(small))).toEqual(commandWith(small));
  const counters = Object.fromEntries(Array.from({ length: 99 }, (_, index) => [`${index}`.padEnd(60, 'x'), 1]));
  const large = { output: Buffer.alloc(4_097), statistics: { counters, atMs: 1 } };
  expect(briefCommand(commandWith(large))).toEqual(commandWith({}));
});

describe('an operation in a list', () => {
  const custom = (bytes: number): common.Operation => ({
    kind: 'custom',
    custom: { name: 'reboot', payload: Buffer.alloc(bytes) },
  });
  const task = (bytes: number): common.Operation => ({
    kind: 'runTask',
    runTask: { taskId: 'scan', parameters: { a: 'x'.repeat(bytes - 1) } },
  });
  const statistics = (count: number): common.Operation => ({
    kind: 'getStatistics',
    getStatistics: { applicationId: 'agent', counters: Array(count).fill('c'.repeat(127)), intervalMs: 0 },
  });

  it.each<[string, common.Operation, common.Operation]>([
    ['a payload', custom(4_097), custom(0)],
    ['parameters', task(4_097), { kind: 'runTask', runTask: { taskId: 'scan', parameters: {} } }],
    ['counters', statistics(33), statistics(0)],
  ])('leaves out %s of more than 4 KiB', (_, operation, expected) => {
    expect(briefOperation(operation)).toEqual(expected);
  });

  it.each([custom(4_096), task(4_000), statistics(31), { kind: 'forceSync', forceSync: { reason: 'r' } } as const])(
    'leaves alone what is small',
    (operation) => {
      expect(briefOperation(operation)).toBe(operation);
    },
  );
});
