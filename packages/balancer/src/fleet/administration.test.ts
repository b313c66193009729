import { status } from '@grpc/grpc-js';
import { type admin, type DeviceId, fromStatus, type GroupPath, type NodeId } from '@pushfleet/protocol';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { call, secret, TestBalancer, withToken } from '../balancer.fixture.ts';

type FleetClient = ReturnType<TestBalancer['fleet']>;

async function start() {
  const test = await TestBalancer.start();
  onTestFinished(() => test[Symbol.asyncDispose]());
  return { test, fleet: test.fleet() };
}

const putGroup = (fleet: FleetClient, path: string) =>
  call<admin.PutGroupResponse>((done) => fleet.putGroup({ group: { path } }, withToken(), done));
const putDevice = (fleet: FleetClient, deviceId: string, group: string, deviceSecret = secret) =>
  call<admin.PutDeviceResponse>((done) =>
    fleet.putDevice({ device: { deviceId, group }, secret: deviceSecret }, withToken(), done),
  );
const putPoint = (fleet: FleetClient, distributionPoint: admin.DistributionPointInit) =>
  call<admin.PutDistributionPointResponse>((done) =>
    fleet.putDistributionPoint({ distributionPoint }, withToken(), done),
  );
const listDevices = (fleet: FleetClient, request: admin.ListDevicesRequestInit) =>
  call<admin.ListDevicesResponse>((done) => fleet.listDevices(request, withToken(), done));

describe('groups', () => {
  it('are created with those above them', async () => {
    const { fleet } = await start();
    await putGroup(fleet, 'HQ/Floor 2');
    const listed = await call<admin.ListGroupsResponse>((done) => fleet.listGroups({}, withToken(), done));
    expect(listed.groups).toEqual([
      { path: 'HQ', devices: 0 },
      { path: 'HQ/Floor 2', devices: 0 },
    ]);
  });

  it('are listed in pages, as are distribution points', async () => {
    const { fleet } = await start();
    const names = ['A', 'B', 'C'];
    for (const name of names) {
      await putGroup(fleet, name);
      await putPoint(fleet, { distributionPointId: name, groups: [name], pushServer: { address: '10.0.0.1' } });
    }
    const groups: string[] = [];
    const points: string[] = [];
    for (let [pageToken, pages] = ['', 0]; pages < 2; pages += 1) {
      const request = { pageSize: 2, pageToken };
      const listed = await call<admin.ListGroupsResponse>((done) => fleet.listGroups(request, withToken(), done));
      groups.push(...listed.groups.map(({ path }) => path));
      pageToken = listed.nextPageToken;
    }
    for (let [pageToken, pages] = ['', 0]; pages < 2; pages += 1) {
      const request = { pageSize: 2, pageToken };
      const listed = await call<admin.ListDistributionPointsResponse>((done) =>
        fleet.listDistributionPoints(request, withToken(), done),
      );
      points.push(...listed.distributionPoints.map(({ distributionPointId }) => distributionPointId));
      pageToken = listed.nextPageToken;
    }
    expect([groups, points]).toEqual([names, names]);
    const page = (pageToken: string) => call((done) => fleet.listNodes({ pageToken }, withToken(), done));
    // Of another list.
    await expect(page(Buffer.from('groups:A').toString('base64url'))).rejects.toThrow('page_token: must be');
  });

  it('that do not exist are named where they are needed', async () => {
    const { fleet } = await start();
    const error = await putDevice(fleet, 'laptop', 'HQ').catch(fromStatus);
    expect(error).toMatchObject({ code: 'GROUP_NOT_FOUND', field: 'device.group' });
    expect((error as Error).message).toBe('device.group: there is no group "HQ"; PutGroup creates it');
    const point = await putPoint(fleet, { distributionPointId: 'dp-1', groups: ['HQ'] }).catch(fromStatus);
    expect(point).toMatchObject({ code: 'GROUP_NOT_FOUND', field: 'distribution_point.groups[0]' });
  });
});

describe('a put that depends on what there is', () => {
  const settings = { enabled: false, port: 4_711, address: '10.0.0.1', maxConnections: 10, weight: 50 };

  async function startWithPoint() {
    const { test, fleet } = await start();
    await putGroup(fleet, 'HQ');
    await putGroup(fleet, 'Branch');
    const point = { distributionPointId: 'dp-1', groups: ['HQ'], pushServer: settings };
    const put = (change: Partial<admin.DistributionPointInit>, paths: string[] = []) =>
      call<admin.PutDistributionPointResponse>((done) =>
        fleet.putDistributionPoint(
          { distributionPoint: { ...point, ...change }, ...(paths.length > 0 ? { updateMask: { paths } } : {}) },
          withToken(),
          done,
        ),
      );
    const { distributionPoint: first } = await put({});
    return { test, fleet, put, etag: first?.etag ?? '' };
  }

  it('is carried out once for one etag, whoever asks at the same time', async () => {
    const { test, put, etag } = await startWithPoint();
    const asked = [1, 2, 3].map((weight) => put({ etag, pushServer: { ...settings, weight } }));
    const settled = await Promise.allSettled(asked);
    expect(settled.filter(({ status: how }) => how === 'fulfilled')).toHaveLength(1);
    const [refused] = settled.flatMap((one) => (one.status === 'rejected' ? [fromStatus(one.reason)] : []));
    expect(refused).toMatchObject({ code: 'ETAG_MISMATCH', field: 'etag' });
    const now = await test.registry.fleet.getDistributionPoint('dp-1' as NodeId);
    expect(now?.pushServer.weight).toBeLessThan(4);
  });

  it('goes by the etag that the answer before had, and by none of another content', async () => {
    const { put, etag } = await startWithPoint();
    expect((await put({ etag })).distributionPoint?.etag).toBe(etag);
    const { distributionPoint: next } = await put({ etag, groups: ['Branch'] });
    expect(next?.etag).not.toBe(etag);
    await expect(put({ etag })).rejects.toMatchObject({ code: status.ABORTED });
    expect((await put({ etag: next?.etag ?? '' })).distributionPoint?.etag).toBe(etag);
  });

  it('replaces only what its mask names, and loses nothing that others write at the same time', async () => {
    const { test, put } = await startWithPoint();
    const empty = { groups: [], pushServer: null };
    await Promise.all([
      put({ ...empty, pushServer: { weight: 70 } }, ['push_server.weight']),
      put({ ...empty, pushServer: { port: 4_712 } }, ['push_server.port']),
      put({ ...empty, groups: ['Branch'] }, ['groups']),
    ]);
    const now = await test.registry.fleet.getDistributionPoint('dp-1' as NodeId);
    expect(now).toMatchObject({ groups: ['Branch'], pushServer: { ...settings, weight: 70, port: 4_712 } });
  });

  it.each([['push_server.nothing'], ['distribution_point_id'], ['pushServer'], ['__proto__'], ['']])(
    'is refused where its mask names %j',
    async (path) => {
      const { put } = await startWithPoint();
      const error = await put({}, [path]).catch(fromStatus);
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'update_mask' });
    },
  );

  it('needs that there is one', async () => {
    const { put } = await startWithPoint();
    const masked = put({ distributionPointId: 'dp-9' }, ['groups']);
    await expect(masked).rejects.toMatchObject({ code: status.NOT_FOUND });
    await expect(put({ distributionPointId: 'dp-9', etag: 'x' })).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  it('of a device goes the same way, and leaves its secret alone', async () => {
    const { test, fleet } = await startWithPoint();
    const secret = 'a-secret-of-sixteen-bytes';
    const put = (change: Partial<admin.DeviceInit>, more: Partial<admin.PutDeviceRequestInit> = {}) =>
      call<admin.PutDeviceResponse>((done) =>
        fleet.putDevice({ device: { deviceId: 'd', group: 'HQ', ...change }, ...more }, withToken(), done),
      );
    const first = (await put({ labels: { os: 'linux' } }, { secret })).device;
    const before = await test.registry.fleet.getDevice('d' as DeviceId);
    await put({ group: 'Branch' }, { updateMask: { paths: ['group'] } });
    const after = await test.registry.fleet.getDevice('d' as DeviceId);
    expect(after).toEqual({ ...before, group: 'Branch' });
    const stale = await put({ etag: first?.etag ?? '' }).catch(fromStatus);
    expect(stale).toMatchObject({ code: 'ETAG_MISMATCH' });
    const unknown = await put({}, { updateMask: { paths: ['secret'] } }).catch(fromStatus);
    expect(unknown).toMatchObject({ code: 'INVALID_ARGUMENT', field: 'update_mask' });
  });
});

describe('distribution points', () => {
  it('are shown with their push server while it runs', async () => {
    const { test, fleet } = await start();
    await putGroup(fleet, 'HQ');
    const pushServer = { enabled: true, address: '10.0.0.1' };
    await putPoint(fleet, { distributionPointId: 'dp-1', groups: ['HQ'], pushServer });
    const get = () =>
      call<admin.GetDistributionPointResponse>((done) =>
        fleet.getDistributionPoint({ distributionPointId: 'dp-1' }, withToken(), done),
      );
    expect(await get()).toMatchObject({
      distributionPoint: { pushServer: { enabled: true, port: 13_295, address: '10.0.0.1', maxConnections: 50_000 } },
      node: null,
    });
    const worker = await test.startWorker('dp-1');
    await vi.waitFor(async () => expect((await get()).node?.status).toBe('NODE_STATUS_READY'), 3_000);
    await worker.beat({ status: 'draining' });
    await vi.waitFor(async () => expect((await get()).node?.status).toBe('NODE_STATUS_DRAINING'), 3_000);
    expect((await get()).node?.workers).toEqual([{ workerId: 'w0', live: 0, capacity: 100, pid: 1 }]);
  });

  it('that do not exist are named', async () => {
    const { fleet } = await start();
    const got = call((done) => fleet.getDistributionPoint({ distributionPointId: 'dp-1' }, withToken(), done));
    expect(await got.catch(fromStatus)).toMatchObject({ code: 'DISTRIBUTION_POINT_NOT_FOUND' });
  });
});

describe('devices', () => {
  it('keep their secret unless they get another one', async () => {
    const { test, fleet } = await start();
    await test.putFleet('HQ', 'dp-1');
    await test.startWorker('dp-1');
    expect(await putDevice(fleet, 'laptop', 'HQ', '').catch(fromStatus)).toMatchObject({ field: 'secret' });
    await putDevice(fleet, 'laptop', 'HQ');
    await putDevice(fleet, 'laptop', 'HQ', '');
    const client = test.assignments();
    const assigned = call((done) => client.assign({ deviceId: 'laptop', secret }, done));
    await expect(assigned).resolves.toMatchObject({ primary: { nodeId: 'dp-1' } });
  });

  it('are shown with their live link, unless its worker is gone', async () => {
    const { test, fleet } = await start();
    await test.putFleet('HQ', 'dp-1', 'laptop');
    const worker = await test.startWorker('dp-1');
    const { epoch } = await worker.openSession('laptop');
    const get = async () => {
      const got = await call<admin.GetDeviceResponse>((done) =>
        fleet.getDevice({ deviceId: 'laptop' }, withToken(), done),
      );
      return got.device?.session;
    };
    await vi.waitFor(async () => {
      expect(await get()).toMatchObject({ nodeId: 'dp-1', workerId: 'w0', link: 'LINK_KIND_MQTT', epoch });
    }, 3_000);
    await worker.beat({ workers: [] });
    await vi.waitFor(async () => expect(await get()).toBeNull(), 3_000);
  });

  it('that are deleted, get another secret or are disconnected are told to every worker, once, with their generation', async () => {
    const { test, fleet } = await start();
    await test.putFleet('HQ', 'dp-1', 'a', 'b', 'c', 'd');
    const workers = [await test.startWorker('dp-1'), await test.startWorker('dp-2')];
    for (const device of ['a', 'b', 'c']) await workers[0]?.openSession(device);
    await vi.waitFor(() => expect(workers.map(({ channels }) => channels)).toEqual([1, 1]), 3_000);

    await call((done) => fleet.deleteDevice({ deviceId: 'a' }, withToken(), done));
    await putDevice(fleet, 'b', 'HQ', 'another secret of it');
    const disconnect = (deviceId: string) =>
      call<admin.DisconnectDeviceResponse>((done) => fleet.disconnectDevice({ deviceId }, withToken(), done));
    await vi.waitFor(async () => expect(await disconnect('c')).toEqual({ wasConnected: true }), 3_000);
    expect(await disconnect('d')).toEqual({ wasConnected: false });
    expect(await disconnect('e').catch(fromStatus)).toMatchObject({ code: 'DEVICE_NOT_FOUND', field: 'device_id' });
    // A change that leaves its identity alone leaves its link alone.
    await putDevice(fleet, 'd', 'HQ');
    await putDevice(fleet, 'd', 'HQ', '');

    const generationOf = async (id: string) => (await test.registry.fleet.getDevice(id as DeviceId))?.generation;
    for (const { voided } of workers) {
      await vi.waitFor(() => expect(voided.map(({ deviceId }) => deviceId).slice(-2)).toEqual(['c', 'd']), 3_000);
      expect(voided.map(({ deviceId }) => deviceId).filter((id) => id !== 'c')).toEqual(['a', 'b', 'd']);
      expect(voided.at(-1)?.generation).toBe(await generationOf('d'));
      expect(voided.at(-2)?.generation).toBe(await generationOf('c'));
    }
  });

  it('are listed page by page, of a group with or without its subgroups', async () => {
    const { test, fleet } = await start();
    await test.putFleet('HQ', 'dp-1', 'a', 'b', 'c');
    await test.putFleet('HQ/Floor 2', 'dp-2', 'd');
    const first = await listDevices(fleet, { group: 'HQ', pageSize: 3 });
    expect(first.devices.map(({ deviceId }) => deviceId)).toEqual(['a', 'b', 'c']);
    const second = await listDevices(fleet, { group: 'HQ', pageSize: 3, pageToken: first.nextPageToken });
    expect(second.devices).toMatchObject([{ deviceId: 'd', group: 'HQ/Floor 2' }]);
    expect(second.nextPageToken).toBe('');
    const exact = await listDevices(fleet, { group: 'HQ', excludeSubgroups: true, pageSize: 3 });
    expect(exact).toMatchObject({ devices: [{}, {}, {}], nextPageToken: '' });
  });

  it('are listed in pages that every client takes, however much is said of them', async () => {
    const { test, fleet } = await start();
    const group = Array.from({ length: 16 }, (_, index) => `${index}`.padEnd(64, '界')).join('/') as GroupPath;
    await test.registry.fleet.putGroup(group);
    const label = (index: number) => `${index}`.padEnd(63, 'x');
    const labels = Object.fromEntries(Array.from({ length: 32 }, (_, index) => [label(index), label(index)]));
    const ids = Array.from({ length: 700 }, (_, index) => `d${`${index}`.padStart(4, '0')}` as DeviceId);
    const devices = ids.map((id) => ({ id, group, secretHash: 'none', labels, linkKinds: [] }));
    await test.registry.fleet.putDevices(devices, () => {});
    const listed: string[] = [];
    let pageToken = '';
    do {
      const page = await listDevices(fleet, { pageSize: 1_000, pageToken });
      listed.push(...page.devices.map(({ deviceId }) => deviceId));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(listed).toEqual(ids);
  });

  it('that are deleted get no ticket', async () => {
    const { test, fleet } = await start();
    await test.putFleet('HQ', 'dp-1', 'laptop');
    const remove = () => call((done) => fleet.deleteDevice({ deviceId: 'laptop' }, withToken(), done));
    await remove();
    expect(await remove().catch(fromStatus)).toMatchObject({ code: 'DEVICE_NOT_FOUND' });
    const client = test.assignments();
    const assigned = call((done) => client.assign({ deviceId: 'laptop', secret }, done));
    expect(await assigned.catch(fromStatus)).toMatchObject({ code: 'BAD_CREDENTIAL' });
  });
});

it('says that the registry does not answer', async () => {
  const { test, fleet } = await start();
  test.registrySwitch.on = false;
  expect(await putGroup(fleet, 'HQ').catch(fromStatus)).toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
});
