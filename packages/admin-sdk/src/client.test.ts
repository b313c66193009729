import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { type admin, PushfleetError } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { findFreePorts } from '../../../test/cluster/free-ports.ts';
import { startBalancer, type TestBalancer } from './balancer.fixture.ts';
import { createAdminClient } from './client.ts';

const connect = ({ address }: TestBalancer) => createAdminClient({ address, token: 'token-1', plaintext: true });
const forceSync: admin.PushRequestInit = { deviceId: 'd1', operation: { forceSync: { reason: 'now' } } };

it('pushes with its token and gives the typed response', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  balancer.answers.Push = ({ deviceId }: admin.PushRequest) => ({
    commandId: 'c1',
    deviceId,
    status: { outcome: 'OUTCOME_SUCCEEDED', output: Buffer.from('ok') },
  });
  const { commandId, status } = await client.commands.push(forceSync);
  expect([commandId, status?.outcome, String(status?.output)]).toEqual(['c1', 'OUTCOME_SUCCEEDED', 'ok']);
  expect(balancer.tokens).toEqual(['Bearer token-1']);
});

it('gives errors as the table has them', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  balancer.answers.Push = () => {
    throw new PushfleetError('INVALID_ARGUMENT', 'device_id: must be short', { field: 'device_id' });
  };
  const pushed = client.commands.push(forceSync);
  await expect(pushed).rejects.toBeInstanceOf(PushfleetError);
  await expect(pushed).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'device_id' });
});

it('leaves the words of a balancer that is stopping as they are', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  balancer.answers.Push = () => {
    throw new PushfleetError('SHUTTING_DOWN', 'the balancer stops');
  };
  await expect(client.commands.push(forceSync)).rejects.toMatchObject({
    code: 'SHUTTING_DOWN',
    message: 'the balancer stops',
  });
});

it('names the address that cannot be reached', async () => {
  const [port] = await findFreePorts(1);
  const address = `127.0.0.1:${port}`;
  using client = createAdminClient({ address, token: 'token-1', plaintext: true });
  await expect(client.commands.push(forceSync)).rejects.toThrow(`cannot reach the balancer at ${address}`);
});

it('says of what is no admin API what it is', async () => {
  const other = new Server();
  const port = await new Promise<number>((resolve, reject) => {
    const bound = (error: Error | null, at: number) => (error ? reject(error) : resolve(at));
    other.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), bound);
  });
  using client = createAdminClient({ address: `127.0.0.1:${port}`, token: 'token-1', plaintext: true });
  const words = `what answers at 127.0.0.1:${port} does not know this call: it is no balancer's admin API, or an older one`;
  await expect(client.commands.push(forceSync)).rejects.toThrow(words);
  other.forceShutdown();

  const web = http.createServer().listen(0, '127.0.0.1');
  await once(web, 'listening');
  const address = `127.0.0.1:${(web.address() as AddressInfo).port}`;
  using secure = createAdminClient({ address, token: 'token-1' });
  await expect(secure.commands.push(forceSync)).rejects.toThrow(
    `cannot reach the balancer at ${address}: what answers there does not speak TLS`,
  );
  web.close();
});

it('gives a call up with its signal', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  const controller = new AbortController();
  balancer.answers.Push = () => {
    controller.abort(new Error('enough'));
    return new Promise(() => undefined);
  };
  await expect(client.commands.push(forceSync, { signal: controller.signal })).rejects.toThrow('enough');
  await expect(client.commands.push(forceSync, { signal: controller.signal })).rejects.toThrow('enough');
});

it('ends calls that are under way when it is closed', async () => {
  await using balancer = await startBalancer();
  const client = connect(balancer);
  balancer.answers.ListGroups = () => new Promise(() => undefined);
  const listed = client.groups.list();
  await expect.poll(() => balancer.tokens.length).toBe(1);
  client.close();
  await expect(listed).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
});

it('walks through devices page by page, as far as they are wanted', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  const requests: admin.ListDevicesRequest[] = [];
  balancer.answers.ListDevices = (request: admin.ListDevicesRequest) => {
    requests.push(request);
    const page = requests.length;
    return {
      devices: [{ deviceId: `d${page}a` }, { deviceId: `d${page}b` }],
      nextPageToken: page < 3 ? `p${page}` : '',
    };
  };
  const ids = await Array.fromAsync(client.devices.list({ group: 'HQ', pageSize: 2 }), ({ deviceId }) => deviceId);
  expect(ids).toEqual(['d1a', 'd1b', 'd2a', 'd2b', 'd3a', 'd3b']);
  expect(requests.map(({ group, pageSize, pageToken }) => [group, pageSize, pageToken])).toEqual([
    ['HQ', 2, ''],
    ['HQ', 2, 'p1'],
    ['HQ', 2, 'p2'],
  ]);
  requests.length = 0;
  for await (const _device of client.devices.list()) break;
  expect(requests).toHaveLength(1);
});

it('manages groups, distribution points, devices and nodes', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  const distributionPoint = { distributionPointId: 'dp1', groups: ['HQ'], pushServer: { enabled: true, port: 13295 } };
  Object.assign(balancer.answers, {
    PutGroup: ({ group }: admin.PutGroupRequest) => ({ group }),
    ListGroups: () => ({ groups: [{ path: 'HQ', devices: 3 }] }),
    PutDistributionPoint: (request: admin.PutDistributionPointRequest) => request,
    GetDistributionPoint: () => ({ distributionPoint }),
    ListDistributionPoints: () => ({ distributionPoints: [distributionPoint] }),
    PutDevice: ({ device, secret }: admin.PutDeviceRequest) => ({
      device: { ...device, group: `${device?.group} ${secret}` },
    }),
    MoveGroup: () => ({ movedDevices: 7 }),
    DisconnectDevice: ({ deviceId }: admin.DisconnectDeviceRequest) => ({ wasConnected: deviceId === 'd1' }),
    GetDevice: ({ deviceId }: admin.GetDeviceRequest) => ({ device: { deviceId } }),
    ListNodes: () => ({ nodes: [{ nodeId: 'dp1', status: 'NODE_STATUS_READY' }] }),
  });
  expect(await client.groups.put('HQ/Floor 2')).toEqual({ path: 'HQ/Floor 2', devices: 0 });
  expect(await client.groups.list()).toEqual([{ path: 'HQ', devices: 3 }]);
  expect(await client.distributionPoints.put(distributionPoint)).toMatchObject(distributionPoint);
  expect(await client.distributionPoints.get('dp1')).toMatchObject({ distributionPoint, node: undefined });
  expect(await client.distributionPoints.list()).toMatchObject([distributionPoint]);
  expect(await client.devices.put({ deviceId: 'd1', group: 'HQ', secret: 's' })).toMatchObject({ group: 'HQ s' });
  expect(await client.devices.get('d1')).toMatchObject({ deviceId: 'd1', session: null });
  expect(await client.groups.move({ path: 'HQ', newPath: 'Annex' })).toBe(7);
  expect(await client.groups.delete('HQ')).toBeUndefined();
  expect(await client.distributionPoints.delete('dp1')).toBeUndefined();
  expect(await client.devices.move({ deviceIds: ['d1'], group: 'Annex' })).toBeUndefined();
  expect(await client.devices.delete('d1')).toBeUndefined();
  expect([await client.devices.disconnect('d1'), await client.devices.disconnect('d2')]).toEqual([true, false]);
  expect(await client.nodes.list()).toMatchObject([{ nodeId: 'dp1', status: 'NODE_STATUS_READY' }]);
});

it.each([
  ['address', { address: 'balancer', token: 't' }],
  ['token', { address: 'balancer:13299', token: '' }],
])('names the option %s where it is wrong', (field, options) => {
  expect(() => createAdminClient(options)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', field }));
});
