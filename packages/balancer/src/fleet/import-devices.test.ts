import { type admin, type DeviceId, fromErrorReason, fromStatus } from '@pushfleet/protocol';
import type { Fleet } from '@pushfleet/registry';
import { describe, expect, it, vi } from 'vitest';
import { call, secret, TestBalancer, withToken } from '../balancer.fixture.ts';
import { importDevices } from './import-devices.ts';

type Row = admin.ImportDevicesRequestInit;

const row = (deviceId: string, rest: Partial<admin.DeviceInit> = {}): Row => ({
  device: { deviceId, group: 'HQ', ...rest },
  secret,
});

/** Streams the rows, and ends the stream. */
function importRows(test: TestBalancer, rows: Row[]): Promise<admin.ImportDevicesResponse> {
  const fleet = test.fleet();
  return call((done) => {
    const stream = fleet.importDevices(withToken(), done);
    stream.on('error', () => undefined);
    for (const one of rows) stream.write(one);
    stream.end();
    return stream;
  });
}

async function start(): Promise<TestBalancer> {
  const test = await TestBalancer.start();
  await test.putFleet('HQ', 'dp-1', 'known');
  return test;
}

const count = async ({ registry }: TestBalancer) =>
  (await registry.fleet.listDevices({ includeSubgroups: true, limit: 10_000 })).length;

describe('an import', () => {
  it('creates and replaces devices, whole', async () => {
    await using test = await start();
    const labels = { os: 'linux' };
    const rows = [
      row('known', { labels, linkKinds: ['LINK_KIND_MQTT'] }),
      ...Array.from({ length: 999 }, (_, at) => row(`d${at}`)),
    ];
    expect(await importRows(test, rows)).toEqual({ imported: 1_000, errors: [], errorCount: 0 });
    expect(await count(test)).toBe(1_000);
    const fleet = test.fleet();
    const got = await call<admin.GetDeviceResponse>((done) =>
      fleet.getDevice({ deviceId: 'known' }, withToken(), done),
    );
    expect(got.device).toEqual({
      deviceId: 'known',
      group: 'HQ',
      labels,
      linkKinds: ['LINK_KIND_MQTT'],
      etag: expect.any(String),
      session: null,
    });
    const listed = await call<admin.ListDevicesResponse>((done) => fleet.listDevices({ labels }, withToken(), done));
    expect(listed.devices.map(({ deviceId }) => deviceId)).toEqual(['known']);
  });

  it('ends links where it brings another secret, and only there', async () => {
    await using test = await start();
    const worker = await test.startWorker('dp-1');
    await test.putFleet('HQ', 'dp-1', 'same', 'changed', 'silent');
    for (const device of ['same', 'changed', 'silent']) await worker.openSession(device);
    const rows = [
      row('same'),
      { ...row('changed'), secret: 'another secret of it' },
      { ...row('silent'), secret: '' },
      row('new'),
    ];
    expect(await importRows(test, rows)).toEqual({ imported: 4, errors: [], errorCount: 0 });
    await vi.waitFor(() => expect(worker.voided.map(({ deviceId }) => deviceId)).toEqual(['changed']), 3_000);
    const found = await test.registry.sessions.findMany(['same', 'changed', 'silent'] as DeviceId[]);
    expect([...found.keys()]).toEqual(['same', 'silent']);
  });

  it('tells which devices the registry took and has not kept', async () => {
    await using test = await start();
    const { fleet } = test.registry;
    const forgetful = new Proxy(fleet, {
      get: (target, name) => {
        if (name !== 'putDevices') return Reflect.get(target, name).bind(target);
        const put: Fleet['putDevices'] = (devices, onVoided) =>
          target.putDevices(
            devices.filter(({ id }) => !id.endsWith('7')),
            onVoided,
          );
        return put;
      },
    });
    const rehoming = { of: async () => {} };
    async function* rows() {
      for (let at = 0; at < 600; at += 1)
        yield row(`d${at}`, { labels: {}, linkKinds: [] }) as admin.ImportDevicesRequest;
    }
    const answer = await importDevices(rows(), forgetful, rehoming, {
      prepare: () => {},
      announcePaced: async () => {},
      onFailed: () => {},
    });
    expect(answer).toMatchObject({ imported: 540, errorCount: 60 });
    expect(answer.errors?.map(({ row: at }) => at)).toEqual(Array.from({ length: 60 }, (_, at) => 10 * at + 7));
    expect(answer.errors?.[0]).toMatchObject({
      reason: 'ERROR_REASON_REGISTRY_UNAVAILABLE',
      message: expect.stringContaining('"d7"'),
    });
  });

  it('with bad rows applies nothing, and names each of them', async () => {
    await using test = await start();
    const response = await importRows(test, [
      row('d0'),
      row('d 1'),
      { ...row('d2'), secret: '' },
      row('d3', { group: 'Lab' }),
      row('d0'),
      { ...row('known'), secret: '' },
      row('d6', { labels: { os: '' } }),
      row('d7', { linkKinds: ['LINK_KIND_UNSPECIFIED'] }),
      {},
      row('d9', { etag: 'x' }),
    ]);
    expect(response.errors.map(({ row: at, reason, field }) => [at, fromErrorReason(reason), field])).toEqual([
      [1, 'INVALID_ARGUMENT', 'device.device_id'],
      [2, 'INVALID_ARGUMENT', 'secret'],
      [3, 'GROUP_NOT_FOUND', 'device.group'],
      [4, 'INVALID_ARGUMENT', 'device.device_id'],
      [6, 'INVALID_ARGUMENT', 'device.labels'],
      [7, 'INVALID_ARGUMENT', 'device.link_kinds[0]'],
      [8, 'INVALID_ARGUMENT', 'device'],
      [9, 'INVALID_ARGUMENT', 'device.etag'],
    ]);
    expect(response).toMatchObject({ imported: 0, errorCount: 8 });
    expect(response.errors[3]?.message).toBe('device.device_id: must be another one: row 0 has "d0"');
    expect(await count(test)).toBe(1);
  });

  it('sends connected devices away whose new group is not served where they are', async () => {
    await using test = await start();
    await test.putFleet('Branch', 'dp-2', 'other');
    const worker = await test.startWorker('dp-1');
    await worker.openSession('known');
    await vi.waitFor(() => expect(worker.channels).toBe(1), 3_000);
    expect(await importRows(test, [row('known', { group: 'Branch' })])).toMatchObject({ imported: 1 });
    await vi.waitFor(() => expect(worker.orders).toMatchObject([{ deviceIds: ['known'] }]), 3_000);
  });

  it('lists the first 1,000 errors and counts the rest', async () => {
    await using test = await start();
    const response = await importRows(
      test,
      Array.from({ length: 1_500 }, (_, at) => row(`d ${at}`)),
    );
    expect(response).toMatchObject({ imported: 0, errorCount: 1_500 });
    expect(response.errors.map((error) => error.row)).toEqual(Array.from({ length: 1_000 }, (_, at) => at));
  });

  it('of nothing is nothing', async () => {
    await using test = await start();
    expect(await importRows(test, [])).toEqual({ imported: 0, errors: [], errorCount: 0 });
  });

  it('that its caller gives up in the middle applies nothing, and leaves room for others', async () => {
    await using test = await start();
    const fleet = test.fleet();
    for (let round = 0; round < 2; round += 1) {
      const given = call((done) => {
        const stream = fleet.importDevices(withToken(), done);
        stream.on('error', () => undefined);
        for (let at = 0; at < 100; at += 1) stream.write(row(`d${at}`));
        setTimeout(() => stream.cancel(), 50);
        return stream;
      });
      await expect(given).rejects.toThrow('CANCELLED');
    }
    await vi.waitFor(async () => expect(await importRows(test, [row('e')])).toMatchObject({ imported: 1 }), 3_000);
    expect(await count(test)).toBe(2);
  });

  it('is one of two at once: a third is told to come later', async () => {
    await using test = await start();
    const fleet = test.fleet();
    const open = () => {
      const stream = fleet.importDevices(withToken(), () => undefined);
      stream.on('error', () => undefined);
      stream.write(row('d'));
      return stream;
    };
    const streams = [open(), open()];
    await vi.waitFor(async () => {
      const error = await importRows(test, [row('e')]).catch(fromStatus);
      expect(error).toMatchObject({ code: 'OVERLOADED', retryAfterMs: 1_000 });
    }, 3_000);
    for (const stream of streams) stream.cancel();
  });

  it('says that the registry does not answer', async () => {
    await using test = await start();
    test.registrySwitch.on = false;
    expect(await importRows(test, [row('d')]).catch(fromStatus)).toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
  });
});

describe('devices', () => {
  const move = (test: TestBalancer, deviceIds: string[], group: string) => {
    const fleet = test.fleet();
    return call((done) => fleet.moveDevices({ deviceIds, group }, withToken(), done));
  };

  it('are moved to another group, all or none', async () => {
    await using test = await start();
    await test.putFleet('Branch', 'dp-2', 'a', 'b');
    expect(await move(test, ['a', 'nobody', 'b'], 'HQ').catch(fromStatus)).toMatchObject({
      code: 'DEVICE_NOT_FOUND',
      field: 'device_ids[1]',
    });
    expect(await move(test, ['a'], 'Lab').catch(fromStatus)).toMatchObject({ code: 'GROUP_NOT_FOUND', field: 'group' });
    expect(await move(test, [], 'HQ').catch(fromStatus)).toMatchObject({ field: 'device_ids' });
    const groups = async () =>
      (await test.registry.fleet.listDevices({ includeSubgroups: true, limit: 10 })).map(({ group }) => group);
    expect(await groups()).toEqual(['Branch', 'Branch', 'HQ']);
    await move(test, ['a', 'b'], 'HQ');
    expect(await groups()).toEqual(['HQ', 'HQ', 'HQ']);
  });
});
