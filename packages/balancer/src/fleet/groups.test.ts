import { type admin, fromStatus } from '@pushfleet/protocol';
import { describe, expect, it, vi } from 'vitest';
import { call, TestBalancer, withToken } from '../balancer.fixture.ts';

type FleetClient = ReturnType<TestBalancer['fleet']>;

const move = (fleet: FleetClient, path: string, newPath: string) =>
  call<admin.MoveGroupResponse>((done) => fleet.moveGroup({ path, newPath }, withToken(), done));
const deleteGroup = (fleet: FleetClient, path: string) =>
  call((done) => fleet.deleteGroup({ path }, withToken(), done));
const deletePoint = (fleet: FleetClient, distributionPointId: string) =>
  call((done) => fleet.deleteDistributionPoint({ distributionPointId }, withToken(), done));
const paths = async (fleet: FleetClient) => {
  const listed = await call<admin.ListGroupsResponse>((done) => fleet.listGroups({}, withToken(), done));
  return listed.groups.map(({ path }) => path);
};

describe('a group', () => {
  it('is moved with its subgroups, its devices and the scopes that name it', async () => {
    await using test = await TestBalancer.start();
    const fleet = test.fleet();
    await test.putFleet('HQ/Floor 2', 'dp-1', 'laptop');
    await test.putFleet('HQ/Floor 2/Lab', 'dp-2', 'tablet');
    expect(await move(fleet, 'HQ/Floor 2', 'Annex/Floor 2')).toEqual({ movedDevices: 2 });
    expect(await paths(fleet)).toEqual(['Annex', 'Annex/Floor 2', 'Annex/Floor 2/Lab', 'HQ']);
    expect(await test.registry.fleet.listDistributionPoints()).toMatchObject([
      { groups: ['Annex/Floor 2'] },
      { groups: ['Annex/Floor 2/Lab'] },
    ]);
  });

  it.each([
    ['HQ', 'HQ/Floor 2', { code: 'INVALID_ARGUMENT', field: 'new_path' }],
    ['HQ', 'HQ', { code: 'INVALID_ARGUMENT', field: 'new_path' }],
    ['HQ', '', { code: 'INVALID_ARGUMENT', field: 'new_path' }],
    ['HQ', Array(16).fill('deep').join('/'), { code: 'INVALID_ARGUMENT', field: 'new_path' }],
    ['HQ', 'Branch', { code: 'ALREADY_EXISTS', field: 'new_path' }],
    ['Nowhere', 'There', { code: 'GROUP_NOT_FOUND', field: 'path' }],
    ['HQ//', 'There', { code: 'INVALID_ARGUMENT', field: 'path' }],
  ])('at %s is not moved to %s', async (path, newPath, error) => {
    await using test = await TestBalancer.start();
    const fleet = test.fleet();
    await test.putFleet('HQ/Floor 2', 'dp-1');
    await test.putFleet('Branch', 'dp-2');
    expect(await move(fleet, path, newPath).catch(fromStatus)).toMatchObject(error);
    expect(await paths(fleet)).toEqual(['Branch', 'HQ', 'HQ/Floor 2']);
  });

  it('is one, however its name is spelled', async () => {
    await using test = await TestBalancer.start();
    const fleet = test.fleet();
    await test.putFleet('Größe/Floor 2', 'dp-1', 'laptop');
    const [decomposed, noBreak] = ['Gro\u0308ße/Floor 2', 'Größe/Floor\u00a02'];
    for (const path of [decomposed, noBreak]) {
      await call((done) => fleet.putGroup({ group: { path } }, withToken(), done));
    }
    expect(await paths(fleet)).toEqual(['Größe', 'Größe/Floor 2']);
    await call((done) => fleet.putDevice({ device: { deviceId: 'laptop', group: decomposed } }, withToken(), done));
    const listed = await call<admin.ListDevicesResponse>((done) =>
      fleet.listDevices({ group: noBreak }, withToken(), done),
    );
    expect(listed.devices).toMatchObject([{ deviceId: 'laptop', group: 'Größe/Floor 2' }]);
    const hidden = call((done) => fleet.putGroup({ group: { path: 'Größe/\u200bFloor 2' } }, withToken(), done));
    expect(await hidden.catch(fromStatus)).toMatchObject({
      code: 'INVALID_ARGUMENT',
      field: 'group.path',
      message: expect.stringContaining('nobody sees the U+200B at character 7'),
    });
  });

  it('that is in use is not deleted, and what uses it is named', async () => {
    await using test = await TestBalancer.start();
    const fleet = test.fleet();
    await test.putFleet('HQ/Floor 2', 'dp-1', 'laptop');
    const error = await deleteGroup(fleet, 'HQ/Floor 2').catch(fromStatus);
    expect(error).toMatchObject({
      code: 'IN_USE',
      message:
        'group "HQ/Floor 2" is in use by scopes of distribution points (such as "dp-1") and devices (such as "laptop")',
    });
    expect(await deleteGroup(fleet, 'HQ').catch(fromStatus)).toMatchObject({
      message: expect.stringContaining('subgroups (such as "HQ/Floor 2")'),
    });
    expect(await deleteGroup(fleet, 'Lab').catch(fromStatus)).toMatchObject({ code: 'GROUP_NOT_FOUND' });
    await call((done) => fleet.deleteDevice({ deviceId: 'laptop' }, withToken(), done));
    await deletePoint(fleet, 'dp-1');
    await deleteGroup(fleet, 'HQ/Floor 2');
    await deleteGroup(fleet, 'HQ');
    expect(await paths(fleet)).toEqual([]);
  });
});

it('devices that are connected where their new group is not served ask where they belong, and no others', async () => {
  await using test = await TestBalancer.start();
  const fleet = test.fleet();
  await test.putFleet('HQ/Floor 2', 'dp-1', 'a', 'b', 'away');
  await test.putFleet('Branch', 'dp-2');
  const worker = await test.startWorker('dp-1');
  for (const id of ['a', 'b']) await worker.openSession(id);
  await vi.waitFor(() => expect(worker.channels).toBe(1), 3_000);

  await call((done) => fleet.moveDevices({ deviceIds: ['a', 'away'], group: 'Branch' }, withToken(), done));
  await vi.waitFor(
    () => expect(worker.orders).toMatchObject([{ deviceIds: ['a'], target: null, deviceCount: 0 }]),
    3_000,
  );
  await call((done) => fleet.moveDevices({ deviceIds: ['a'], group: 'HQ/Floor 2' }, withToken(), done));
  await move(fleet, 'HQ/Floor 2', 'Annex');
  expect(worker.orders).toHaveLength(1);
  await call((done) => fleet.putDevice({ device: { deviceId: 'b', group: 'Branch' } }, withToken(), done));
  await vi.waitFor(() => expect(worker.orders[1]).toMatchObject({ deviceIds: ['b'] }), 3_000);
});

describe('a distribution point', () => {
  it('is deleted once its push server is disabled', async () => {
    await using test = await TestBalancer.start();
    const fleet = test.fleet();
    await test.putFleet('HQ', 'dp-1');
    const worker = await test.startWorker('dp-1');
    await test.finds('dp-1');
    expect(await deletePoint(fleet, 'dp-1').catch(fromStatus)).toMatchObject({
      code: 'IN_USE',
      message: expect.stringContaining('a push server runs on distribution point "dp-1" (ready, 0 links)'),
    });
    await worker.beat({ status: 'disabled' });
    await vi.waitFor(() => deletePoint(fleet, 'dp-1'), 3_000);
    expect(await deletePoint(fleet, 'dp-1').catch(fromStatus)).toMatchObject({ code: 'DISTRIBUTION_POINT_NOT_FOUND' });
  });
});
